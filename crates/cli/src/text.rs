//! Text for people: what comes from outside made harmless, and long text wrapped.

use std::borrow::Cow;
use std::fmt::Write;

/// `text` with every character that a terminal obeys or hides shown as an escape (`\u{202e}`): control
/// characters, marks that change the direction of text, and characters without width.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match is_invisible(character) {
            true => _ = write!(shown, "{}", character.escape_default()),
            false => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Cuts `text` at its spaces into lines of at most `width` characters. A word that is longer has a line
/// of its own. Never empty.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines.push(String::new());
            used = 0;
        }
        let Some(line) = lines.last_mut() else { break };
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += length;
    }
    lines
}

/// `count` of a thing: `1 finding`, `2 findings`.
pub(crate) fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_unseen() {
        assert_eq!(visible("arn:aws:s3:::größe/ß 語"), "arn:aws:s3:::größe/ß 語");
        let hostile = "a\x1b[31mb\r\n\u{9b}c\u{202e}d\u{200b}\u{feff}\u{e0041}\x7f";
        assert_eq!(
            visible(hostile),
            "a\\u{1b}[31mb\\r\\n\\u{9b}c\\u{202e}d\\u{200b}\\u{feff}\\u{e0041}\\u{7f}"
        );
    }

    #[test]
    fn wraps_at_spaces_only() {
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("ab cd ef", 5), ["ab cd", "ef"]);
        assert_eq!(wrap("a abcdefgh b", 5), ["a", "abcdefgh", "b"]);
        assert_eq!(wrap("größe ß", 7), ["größe ß"]);
    }
}
