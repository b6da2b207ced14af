//! Colours and weights of what people read. A plain palette writes no escape sequence at all.

use anstyle::{AnsiColor, Color, Effects, Style};

/// The styles of a report. Write `{style}text{style:#}`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Palette {
    /// What calls for action: `FAIL`, `PUBLIC`.
    pub(crate) alarm: Style,
    /// What is in order: `PASS`.
    pub(crate) good: Style,
    /// What is not known: `UNKNOWN`, what could not be analyzed.
    pub(crate) doubt: Style,
    /// What a block is about.
    pub(crate) title: Style,
    /// Places in files.
    pub(crate) place: Style,
    /// Names of fields and other surroundings.
    pub(crate) faint: Style,
}

impl Palette {
    /// With colours.
    pub(crate) const fn coloured() -> Self {
        Self {
            alarm: colour_of(AnsiColor::Red).effects(Effects::BOLD),
            good: colour_of(AnsiColor::Green).effects(Effects::BOLD),
            doubt: colour_of(AnsiColor::Yellow).effects(Effects::BOLD),
            title: Style::new().effects(Effects::BOLD),
            place: colour_of(AnsiColor::Cyan),
            faint: Style::new().effects(Effects::DIMMED),
        }
    }
}

const fn colour_of(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(colour)))
}
