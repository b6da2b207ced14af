//! Text from outside, made harmless for every place it is shown in: one line, nothing that changes how other text reads.

/// Longer values are cut.
const LONGEST: usize = 1_024;

/// `value` without characters that end lines, control terminals, or change the direction of writing. Each is replaced,
/// so that two values stay apart and the reader sees that something was there.
#[must_use]
pub fn clean(value: &str) -> String {
    let mut cleaned: String = value.chars().take(LONGEST).map(harmless).collect();
    if value.chars().nth(LONGEST).is_some() {
        cleaned.push('…');
    }
    cleaned
}

/// The same, and no longer than `most` characters: for subjects, which services limit.
#[must_use]
pub fn clean_line(value: &str, most: usize) -> String {
    let cleaned = clean(value);
    if cleaned.chars().count() <= most {
        return cleaned;
    }
    cleaned.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

fn harmless(character: char) -> char {
    match character {
        '\t' => ' ',
        // Ends of lines that are no control characters; marks and overrides of direction; characters without width.
        '\u{2028}'
        | '\u{2029}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{061c}'
        | '\u{feff}' => '\u{fffd}',
        other if other.is_control() => '\u{fffd}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_starts_another_line_or_turns_text_around() {
        assert_eq!(clean("a\r\nBcc: x\u{2028}y"), "a\u{fffd}\u{fffd}Bcc: x\u{fffd}y");
        assert_eq!(
            clean("\u{202e}gpj.exe\u{7}\u{1b}[2J\u{85}"),
            "\u{fffd}gpj.exe\u{fffd}\u{fffd}[2J\u{fffd}"
        );
        assert_eq!(clean("Schlüssel {{ x }} <b>"), "Schlüssel {{ x }} <b>");
        assert_eq!(clean(&"x".repeat(5_000)).chars().count(), LONGEST + 1);
        assert_eq!(clean_line("abcdef", 4), "abc…");
    }
}
