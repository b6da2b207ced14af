//! The tokens of a text that is meant to be JSON, whatever state it is in.

use std::ops::Range as Bytes;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `{`
    OpenObject,
    /// `[`
    OpenArray,
    /// `}`
    CloseObject,
    /// `]`
    CloseArray,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// A string with both quotes.
    String,
    /// A string whose line ends before it does.
    UnclosedString,
    /// Anything else: a number, a name, an unquoted text.
    Word,
    /// Nothing: the cursor, where no string or word is.
    Gap,
}

/// A token and its bytes, quotes included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) bytes: Bytes<usize>,
}

impl Token {
    /// Whether what is typed at `offset` becomes part of this token.
    pub(super) fn takes(&self, offset: usize) -> bool {
        match self.kind {
            TokenKind::String => self.bytes.start < offset && offset < self.bytes.end,
            TokenKind::UnclosedString => self.bytes.start < offset && offset <= self.bytes.end,
            TokenKind::Word => self.bytes.start <= offset && offset <= self.bytes.end,
            _ => false,
        }
    }
}

/// The tokens of `text`, in its order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let (kind, end) = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            b'{' => (TokenKind::OpenObject, at + 1),
            b'[' => (TokenKind::OpenArray, at + 1),
            b'}' => (TokenKind::CloseObject, at + 1),
            b']' => (TokenKind::CloseArray, at + 1),
            b':' => (TokenKind::Colon, at + 1),
            b',' => (TokenKind::Comma, at + 1),
            b'"' => string(bytes, at),
            _ => {
                let rest = bytes.get(at..).unwrap_or_default();
                let length = rest.iter().position(|byte| ends_word(*byte)).unwrap_or(rest.len());
                (TokenKind::Word, at + length.max(1))
            }
        };
        tokens.push(Token { kind, bytes: at..end });
        at = end;
    }
    tokens
}

fn ends_word(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'{' | b'}' | b'[' | b']' | b':' | b',' | b'"')
}

/// The kind and the end of the string whose quote is at `start`.
fn string(bytes: &[u8], start: usize) -> (TokenKind, usize) {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return (TokenKind::String, at + 1),
            b'\n' | b'\r' => break,
            b'\\' if bytes.get(at + 1).is_some_and(|next| !matches!(next, b'\n' | b'\r')) => {
                at += 2
            }
            _ => at += 1,
        }
    }
    (TokenKind::UnclosedString, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(TokenKind, &str)> {
        let shown = |token: Token| (token.kind, &text[token.bytes]);
        tokens(text).into_iter().map(shown).collect()
    }

    #[test]
    fn strings_end_with_their_line() {
        use TokenKind::{Colon, Comma, String, UnclosedString, Word};
        assert_eq!(
            read("\"a\\\"\": \"b\\\n1e5,\"ü\" \"\\"),
            [
                (String, "\"a\\\"\""),
                (Colon, ":"),
                (UnclosedString, "\"b\\"),
                (Word, "1e5"),
                (Comma, ","),
                (String, "\"ü\""),
                (UnclosedString, "\"\\"),
            ]
        );
        assert_eq!(read("ä\u{0}é"), [(Word, "ä\u{0}é")]);
    }

    #[test]
    fn typing_extends_strings_and_words() {
        let takes = |text: &str, at| tokens(text).iter().any(|token| token.takes(at));
        assert!(!takes("\"a\"", 0) && takes("\"a\"", 1) && takes("\"a\"", 2) && !takes("\"a\"", 3));
        assert!(takes("\"a", 2) && takes("\"a\n", 2) && !takes("\"a\n", 3));
        assert!(takes("ab", 0) && takes("ab", 2) && !takes("ab ", 3));
        assert!(!takes("{}", 1));
    }
}
