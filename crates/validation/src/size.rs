//! The sizes that quotas are about.

use crate::document::Document;

/// The characters of the document without the white space between its tokens, and one more, which AWS counts as its
/// answers on managed policies show.
pub(crate) fn without_white_space(document: &Document<'_>) -> usize {
    let (mut count, mut in_string, mut escaped) = (0, false, false);
    for byte in document.text.bytes() {
        let is_space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r') && !in_string;
        // Every character once: the bytes that continue one are left out.
        count += usize::from(!is_space && byte & 0xc0 != 0x80);
        match byte {
            b'"' if !escaped => in_string = !in_string,
            b'\\' if in_string && !escaped => {
                escaped = true;
                continue;
            }
            _ => {}
        }
        escaped = false;
    }
    count + 1
}

/// All characters of the document.
pub(crate) fn characters(document: &Document<'_>) -> usize {
    document.text.chars().count()
}
