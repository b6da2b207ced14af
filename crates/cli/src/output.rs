//! Where results go and in which form: `--format`, `--output`, `--color`.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::{ColorChoice, ValueEnum};
use serde::Serialize;

use crate::exit::UsageError;
use crate::style::Palette;

/// The widest that lines get where the terminal does not say its width.
const DEFAULT_WIDTH: usize = 100;
/// Lines are not made narrower than this, whatever the terminal says.
const LEAST_WIDTH: usize = 40;

/// The options that every command shares.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputOptions {
    /// How the result is written; a batch always writes JSON lines
    #[arg(long, global = true, value_enum, default_value_t = AnyFormat::Table)]
    format: AnyFormat,
    /// Where the result is written, instead of standard output
    #[arg(long, global = true, value_name = "FILE")]
    output: Option<PathBuf>,
    /// When to use colours; NO_COLOR in the environment turns `auto` off
    #[arg(long, global = true, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
}

/// The form of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people
    Table,
    /// One JSON document
    Json,
    /// JSON, one record a line
    Jsonl,
}

/// Every form there is: those of [`Format`], which all commands have, and those of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnyFormat {
    /// For people
    Table,
    /// One JSON document
    Json,
    /// JSON, one record a line
    Jsonl,
    /// SARIF 2.1.0, for code scanning (validate)
    Sarif,
    /// JUnit XML, for test reports (validate)
    Junit,
    /// Markdown, for comments on pull requests (validate)
    Markdown,
    /// One HTML page that loads nothing (validate)
    Html,
    /// GitLab's code quality report (validate)
    Gitlab,
}

impl AnyFormat {
    /// The same as a form that all commands have, if it is one.
    pub(crate) fn common(self) -> Option<Format> {
        match self {
            Self::Table => Some(Format::Table),
            Self::Json => Some(Format::Json),
            Self::Jsonl => Some(Format::Jsonl),
            Self::Sarif | Self::Junit | Self::Markdown | Self::Html | Self::Gitlab => None,
        }
    }
}

/// Where a result goes, and how it looks there.
#[derive(Debug)]
pub(crate) struct Output {
    /// Its form.
    pub(crate) format: Format,
    /// Its form, where the command writes reports.
    pub(crate) any_format: AnyFormat,
    /// How people see it.
    pub(crate) palette: Palette,
    /// How many characters fit into a line.
    pub(crate) width: usize,
    file: Option<PathBuf>,
}

impl Output {
    /// Reads the options, the terminal and the environment.
    pub(crate) fn new(options: OutputOptions) -> Self {
        let OutputOptions { format, output, color } = options;
        let coloured = match color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
                let is_dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
                output.is_none() && io::stdout().is_terminal() && !is_set("NO_COLOR") && !is_dumb
            }
        };
        let terminal = match &output {
            None => terminal_size::terminal_size_of(io::stdout()),
            Some(_) => None,
        };
        Self {
            format: format.common().unwrap_or(Format::Table),
            any_format: format,
            palette: if coloured { Palette::coloured() } else { Palette::default() },
            width: terminal
                .map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0).max(LEAST_WIDTH)),
            file: output,
        }
    }

    /// Plain text of this width on standard output.
    #[cfg(test)]
    pub(crate) fn plain(width: usize) -> Self {
        Self {
            format: Format::Table,
            any_format: AnyFormat::Table,
            palette: Palette::default(),
            width,
            file: None,
        }
    }

    /// The same for a file beside the main result: without colours, and as wide as lines get.
    pub(crate) fn beside(&self) -> Self {
        Self { palette: Palette::default(), width: DEFAULT_WIDTH, file: None, ..*self }
    }

    /// Whether the result goes to standard output.
    pub(crate) fn is_standard_output(&self) -> bool {
        self.file.is_none()
    }

    /// Refuses the forms that only reports have.
    pub(crate) fn require_common_format(&self) -> Result<(), UsageError> {
        match self.any_format.common() {
            Some(_) => Ok(()),
            None => {
                let message = "--format: this command writes table, json and jsonl";
                Err(UsageError(message.to_owned()))
            }
        }
    }

    /// Opens the place where the result goes. Flush it when done.
    pub(crate) fn open(&self) -> anyhow::Result<Box<dyn Write>> {
        let Some(path) = &self.file else { return Ok(Box::new(BufWriter::new(io::stdout()))) };
        let file = File::create(path).with_context(|| {
            format!("`{}` cannot be written; name another file with --output", path.display())
        })?;
        Ok(Box::new(BufWriter::new(file)))
    }

    /// The same, for a verdict that counts even when nobody reads it to its end: once the reader of
    /// standard output has gone away, what is written is dropped.
    pub(crate) fn open_for_verdict(&self) -> anyhow::Result<impl Write> {
        Ok(Droppable { inner: Some(self.open()?) })
    }

    /// The error of a failed write.
    pub(crate) fn failed(&self, error: io::Error) -> anyhow::Error {
        let place = match &self.file {
            None => "standard output".to_owned(),
            Some(path) => format!("`{}`", path.display()),
        };
        anyhow::Error::new(error).context(format!("{place} cannot be written"))
    }
}

/// Writes a value as a JSON document: on many lines, or with `Jsonl` on one.
pub(crate) fn write_json(
    mut writer: impl Write,
    format: Format,
    value: &impl Serialize,
) -> io::Result<()> {
    match format {
        Format::Jsonl => serde_json::to_writer(&mut writer, value)?,
        Format::Json | Format::Table => serde_json::to_writer_pretty(&mut writer, value)?,
    }
    writeln!(writer)
}

struct Droppable<W> {
    inner: Option<W>,
}

impl<W: Write> Droppable<W> {
    fn attempt<T>(
        &mut self,
        dropped: T,
        act: impl FnOnce(&mut W) -> io::Result<T>,
    ) -> io::Result<T> {
        let Some(inner) = &mut self.inner else { return Ok(dropped) };
        match act(inner) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.inner = None;
                Ok(dropped)
            }
            result => result,
        }
    }
}

impl<W: Write> Write for Droppable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.attempt(bytes.len(), |inner| inner.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.attempt((), W::flush)
    }
}
