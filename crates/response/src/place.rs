//! Where in a text something stands.

/// The line and column, both from 1, of the byte at `offset`; columns count characters.
pub(crate) fn place_of(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = text.get(..end).unwrap_or_default();
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(start..).unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::place_of;

    #[test]
    fn counts_lines_and_characters() {
        let text = "a\nüb\n";
        assert_eq!(place_of(text, 0), (1, 1));
        assert_eq!(place_of(text, 4), (2, 2));
        assert_eq!(place_of(text, 3), (2, 1));
        assert_eq!(place_of(text, 99), (3, 1));
    }
}
