//! Texts from outside on their way into notes.

/// How many characters of a text from outside a note repeats.
const SHOWN: usize = 120;

/// `text` as a note repeats it: control characters and the like as escapes, and no more than a line.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(SHOWN)
        .flat_map(char::escape_debug)
        .collect::<String>()
        .replace("\\'", "'");
    shown = shown.replace("\\\"", "\"");
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_text_from_outside_is_one_short_line() {
        assert_eq!(shown("Bob's \"team\""), "Bob's \"team\"");
        assert_eq!(shown("a\n\u{1b}[31mb"), "a\\n\\u{1b}[31mb");
        assert_eq!(shown(&"x".repeat(1_000_000)).chars().count(), 121);
    }
}
