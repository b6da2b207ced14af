//! Places of the protocol (line and column, both from 0) and the bytes of a text.
//!
//! Editors count a column in UTF-16 code units unless both sides agree on bytes:
//! <https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#position>.
//! A place that the text does not have is moved to the nearest one before it; nothing here fails.

use std::ops::Range as Bytes;

use gen_lsp_types::{Position, PositionEncodingKind, Range};

/// How columns are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// In bytes.
    Utf8,
    /// In UTF-16 code units, as every client can.
    #[default]
    Utf16,
}

impl Encoding {
    /// The protocol's name.
    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
        }
    }
}

/// Where the lines of one text begin. A line ends with `\n`, `\r\n` or `\r`.
#[derive(Debug)]
pub(super) struct Lines {
    starts: Vec<usize>, // INVARIANT: ascending, begins with 0, each at a character boundary.
    encoding: Encoding,
}

impl Lines {
    pub(super) fn new(text: &str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        Self { starts: std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect(), encoding }
    }

    /// The byte at a place; the end of the line where the column is behind it, the end of the text where the line is.
    pub(super) fn offset(&self, text: &str, position: Position) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(start) = self.starts.get(line).copied() else { return text.len() };
        let end = self.starts.get(line.saturating_add(1)).copied().unwrap_or(text.len());
        let wanted = usize::try_from(position.character).unwrap_or(usize::MAX);
        let mut column = 0;
        for (at, character) in text.get(start..end).unwrap_or_default().char_indices() {
            column += self.encoding.width(character);
            if column > wanted || matches!(character, '\n' | '\r') {
                return start + at;
            }
        }
        end
    }

    /// The place of a byte; of the end where the text is shorter.
    pub(super) fn position(&self, text: &str, offset: usize) -> Position {
        let offset = text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = text.get(start..offset).unwrap_or_default();
        let column: usize = match self.encoding {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.chars().map(char::len_utf16).sum(),
        };
        Position { line: saturated(line), character: saturated(column) }
    }

    /// The places of both ends.
    pub(super) fn range(&self, text: &str, bytes: &Bytes<usize>) -> Range {
        Range { start: self.position(text, bytes.start), end: self.position(text, bytes.end) }
    }

    /// The bytes between two places, in whichever order these are.
    pub(super) fn bytes(&self, text: &str, range: Range) -> Bytes<usize> {
        let (one, other) = (self.offset(text, range.start), self.offset(text, range.end));
        one.min(other)..one.max(other)
    }
}

fn saturated(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn counts_as_agreed() {
        let text = "{\r\n\"é𝄞\": 1\r}\n";
        for (encoding, column) in [(Encoding::Utf8, 7), (Encoding::Utf16, 4)] {
            let lines = Lines::new(text, encoding);
            let quote = 3 + "\"é𝄞".len();
            assert_eq!(lines.position(text, quote), at(1, column));
            assert_eq!(lines.offset(text, at(1, column)), quote);
            assert_eq!(lines.position(text, text.len()), at(3, 0));
            assert_eq!(lines.offset(text, at(2, 0)), text.find('}').unwrap());
        }
    }

    #[test]
    fn every_place_leads_somewhere() {
        let text = "a𝄞b\r\nc";
        let lines = Lines::new(text, Encoding::Utf16);
        assert_eq!(lines.offset(text, at(0, 2)), 1, "half of a surrogate pair");
        assert_eq!(lines.offset(text, at(0, 99)), 6, "behind the end of a line");
        assert_eq!(lines.offset(text, at(u32::MAX, u32::MAX)), text.len());
        assert_eq!(lines.position(text, 3), at(0, 1), "inside a character");
        assert_eq!(lines.position(text, 999), at(1, 1));
        assert_eq!(lines.bytes(text, Range { start: at(1, 1), end: at(0, 0) }), 0..9);
    }

    #[test]
    fn there_and_back() {
        let text = "ä\r\n\r\n🜁x\rü\n";
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            let lines = Lines::new(text, encoding);
            for (offset, character) in text.char_indices() {
                if !matches!(character, '\n' | '\r') {
                    assert_eq!(lines.offset(text, lines.position(text, offset)), offset);
                }
            }
        }
    }
}
