//! Where something stands in a text: byte spans inside, AWS's positions and paths outside.
//!
//! Inside the crate a place is a pair of byte offsets, which costs nothing to keep. Lines, columns,
//! character offsets and the path through the document are worked out only for what is reported.
//! Both shapes are those of `ValidatePolicy`:
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Location.html>.

use crate::json::{Kind, Value};

/// A half-open range of byte offsets into one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSpan {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl ByteSpan {
    /// The span from byte `start` up to and without byte `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// Whether `other` lies inside this span.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A value and the bytes it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Located<T> {
    /// What was read.
    pub value: T,
    /// Where it stands; a string's quotes are included.
    pub span: ByteSpan,
}

impl<T> Located<T> {
    /// `value`, read from `span`.
    pub fn new(value: T, span: ByteSpan) -> Self {
        Self { value, span }
    }
}

/// One place in a text as AWS counts: lines from 1, columns and offsets from 0, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 0, in characters.
    pub column: usize,
    /// Offset from the start of the text, from 0, in characters.
    pub offset: usize,
}

/// A range of a text: start inclusive, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First position.
    pub start: Position,
    /// Position behind the last.
    pub end: Position,
}

/// One step of the way through a JSON document, in the form of AWS's `PathElement`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathElement {
    /// Into an element of an array, counted from 0.
    Index(usize),
    /// To the name of a member; always the last step.
    Key(String),
    /// Into the value of a member.
    Value(String),
}

/// A place in a document: the way through it, and the range of its text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The way from the top of the document; empty for the whole of it.
    pub path: Vec<PathElement>,
    /// The text it covers.
    pub span: Span,
}

/// Turns byte offsets of one text into positions.
pub struct LineIndex<'t> {
    text: &'t str,
    line_starts: Vec<usize>, // INVARIANT: sorted, begins with 0, each at a character boundary.
    /// How many characters begin before each block of bytes; empty when each byte is one.
    characters_before: Vec<usize>,
}

/// The length of a block: long enough to be few, short enough to be counted again for each position.
const BLOCK: usize = 4096;

impl<'t> LineIndex<'t> {
    /// Reads `text` once to find its lines.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0).chain(newlines.map(|(at, _)| at + 1)).collect();
        let mut characters_before = Vec::new();
        if !text.is_ascii() {
            let mut count = 0;
            for block in text.as_bytes().chunks(BLOCK) {
                characters_before.push(count);
                count += characters(block);
            }
        }
        Self { text, line_starts, characters_before }
    }

    /// How many characters begin before the byte at `offset`.
    fn characters_to(&self, offset: usize) -> usize {
        if self.characters_before.is_empty() {
            return offset;
        }
        let block = (offset / BLOCK).min(self.characters_before.len() - 1);
        let before = self.characters_before.get(block).copied().unwrap_or(0);
        before + self.text.as_bytes().get(block * BLOCK..offset).map_or(0, characters)
    }

    /// The position of the byte at `offset`, or of the end when the text is shorter.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let line_start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let offset = self.characters_to(offset);
        Position { line, column: offset - self.characters_to(line_start), offset }
    }

    /// The positions of both ends of `span`.
    #[must_use]
    pub fn span(&self, span: ByteSpan) -> Span {
        Span { start: self.position(span.start), end: self.position(span.end) }
    }

    /// Path and span of the token at `span`, which must be one of the tree's own spans; for any other
    /// the path ends at the innermost value around it.
    #[must_use]
    pub fn location(&self, root: &Value<'_>, span: ByteSpan) -> Location {
        Location { path: path_to(root, span), span: self.span(span) }
    }
}

/// How many characters begin among these bytes of a text.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// The way from `root` to the value or member name that stands at `span`.
#[must_use]
pub fn path_to(root: &Value<'_>, span: ByteSpan) -> Vec<PathElement> {
    let mut path = Vec::new();
    let mut here = root;
    while here.span != span {
        match &here.kind {
            // Tokens stand in the order of the text, so the one around a place is found by halving.
            Kind::Array(elements) => {
                let index = elements.partition_point(|element| element.span.end < span.end);
                let Some(element) = elements.get(index).filter(|e| e.span.contains(span)) else {
                    break;
                };
                path.push(PathElement::Index(index));
                here = element;
            }
            Kind::Object(members) => {
                let place = members.partition_point(|member| member.value.span.end < span.end);
                let Some(member) = members.get(place) else { break };
                if member.key.span.contains(span) {
                    path.push(PathElement::Key(member.key.value.to_string()));
                    break;
                }
                if !member.value.span.contains(span) {
                    break;
                }
                path.push(PathElement::Value(member.key.value.to_string()));
                here = &member.value;
            }
            Kind::Null | Kind::Boolean(_) | Kind::Number(_) | Kind::String(_) | Kind::Invalid => {
                break;
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters_across_blocks() {
        for word in ["é", "a🦀", "a"] {
            let text = format!("{}\n{}", word.repeat(BLOCK), word.repeat(2 * BLOCK));
            let lines = LineIndex::new(&text);
            let mut expected = Position { line: 1, column: 0, offset: 0 };
            for (at, character) in text.char_indices() {
                assert_eq!(lines.position(u32::try_from(at).unwrap()), expected, "{word} at {at}");
                expected.offset += 1;
                expected.column += 1;
                if character == '\n' {
                    (expected.line, expected.column) = (2, 0);
                }
            }
            assert_eq!(lines.position(u32::MAX), expected);
        }
    }
}
