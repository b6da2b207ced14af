//! Keeps out texts that the reader of Cedar, which recurses, should not be given.

/// The most bytes a file may have.
pub(super) const MAX_FILE_BYTES: usize = 256 << 10;
/// How deeply brackets may be in each other.
const MAX_NESTING: usize = 24;
/// How many operators a rule may have: a chain of `&&` is as deep as it is long.
const MAX_OPERATORS: usize = 200;

/// What is wrong with `text`, and at which byte.
pub(super) fn refusal(text: &str) -> Option<(usize, String)> {
    if text.len() > MAX_FILE_BYTES {
        let message = format!("the file has {} bytes; {MAX_FILE_BYTES} are the most", text.len());
        return Some((0, message));
    }
    let (mut nesting, mut operators) = (0usize, 0usize);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let at = text.len() - rest.len();
        let length = token(rest, first);
        match rest.get(..length).unwrap_or_default() {
            "(" | "[" | "{" => nesting += 1,
            ")" | "]" | "}" => nesting = nesting.saturating_sub(1),
            ";" => operators = 0,
            "&" | "|" | "!" | "." | "+" | "-" | "*" | "<" | ">" | "=" | "if" | "like" | "has"
            | "in" | "is" => operators += 1,
            _ => {}
        }
        if nesting > MAX_NESTING {
            return Some((at, format!("brackets may be {MAX_NESTING} deep, not more")));
        }
        // Most operators have two characters.
        if operators > 2 * MAX_OPERATORS {
            let message = format!("a rule may have {MAX_OPERATORS} operators; write several rules");
            return Some((at, message));
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    None
}

/// The length of the token that `rest` begins with: a string, a comment, a word, or one character.
fn token(rest: &str, first: char) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if first == '"' {
        let mut escaped = false;
        let inner = rest.char_indices().skip(1).find(|(_, character)| {
            let ends = *character == '"' && !escaped;
            escaped = *character == '\\' && !escaped;
            ends
        });
        return inner.map_or(rest.len(), |(at, _)| at + 1);
    }
    let is_word = |character: char| character == '_' || character.is_alphanumeric();
    if is_word(first) {
        return rest.find(|character| !is_word(character)).unwrap_or(rest.len());
    }
    first.len_utf8()
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn refuses_what_is_too_large_or_too_deep() {
        assert_eq!(
            refusal("permit (principal, action, resource); // ((((((((((((((((((((((((((((("),
            None
        );
        assert_eq!(refusal(&format!("a \"{}\"", "(".repeat(99))), None);
        assert_eq!(refusal(&"(".repeat(99)).map(|(at, _)| at), Some(24));
        assert!(refusal(&"a && ".repeat(1000)).is_some());
        assert!(refusal(&"!".repeat(1000)).is_some());
        assert_eq!(refusal(&"a && b;\n".repeat(1000)), None);
        assert!(refusal(&" ".repeat(1 << 20)).is_some());
        assert_eq!(refusal("\"ü\\\"(((((((((((((((((((((((((((((((((((((((\""), None);
    }
}
