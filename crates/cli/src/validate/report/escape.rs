//! Text from outside, made harmless for the forms that are read by programs which obey some of it.

use crate::text::visible;

/// Text for HTML and XML, inside of elements and of quoted attributes. Control characters and what changes the
/// direction of text are shown as escapes.
pub(super) fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for character in visible(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // XML has no way to write these two.
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text for Markdown, in any place of a line: no character of it is markup, makes a link, or names somebody.
pub(super) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() * 2);
    for character in visible(text).chars() {
        match character {
            // A space without width keeps `@name` from calling somebody.
            '@' => escaped.push_str("&#64;&#8203;"),
            ' ' | ',' | '?' | ';' | '%' | '=' | '/' => escaped.push(character),
            other if other.is_ascii_punctuation() => {
                escaped.push_str(&format!("&#{};", u32::from(other)));
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// The details of a finding as HTML: what stands between backticks is code.
pub(super) fn html_with_code(text: &str) -> String {
    code(&html(text), "`")
}

/// The same as Markdown.
pub(super) fn markdown_with_code(text: &str) -> String {
    code(&markdown(text), "&#96;")
}

/// Puts every second part of an escaped text into an element; a part that does not end stays as it is.
fn code(escaped: &str, quote: &str) -> String {
    let parts: Vec<&str> = escaped.split(quote).collect();
    let mut result = String::with_capacity(escaped.len() + parts.len() * 7);
    for (number, part) in parts.iter().enumerate() {
        match number % 2 {
            0 => result.push_str(part),
            _ if number + 1 == parts.len() => result.extend([quote, part]),
            _ => result.extend(["<code>", part, "</code>"]),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        let hostile = "<a b=\"c\" d='e'>&amp;\u{1}\u{202e}\u{ffff}";
        let expected = "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;\\u{1}\\u{202e}\u{fffd}";
        assert_eq!(html(hostile), expected);
        let escaped = markdown("![x](http://y.z) <b> `c` *d* _e_ @f #1 | \\ www.g.h\n");
        for character in
            ['!', '[', ']', '(', ')', '<', '>', '`', '*', '_', '|', '\\', '.', ':', '\n']
        {
            assert!(!escaped.contains(character), "{character} in {escaped}");
        }
        assert!(escaped.contains("&#64;&#8203;f"));
        assert_eq!(html_with_code("a `b<` c` d"), "a <code>b&lt;</code> c` d");
        assert_eq!(markdown_with_code("`a|` b"), "<code>a&#124;</code> b");
    }
}
