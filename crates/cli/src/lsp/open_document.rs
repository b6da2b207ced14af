//! A document that the editor has open, as it is on the screen.

use std::ops::Range as Bytes;

use gen_lsp_types::{Position, Range, TextDocumentContentChangeEvent as Change, TextDocumentItem};

use super::position::{Encoding, Lines};

/// The text of a document and where its lines begin.
#[derive(Debug)]
pub(super) struct OpenDocument {
    /// The editor's name of the document.
    pub(super) uri: String,
    /// The editor's number of this state of it.
    pub(super) version: i32,
    text: String,
    lines: Lines, // INVARIANT: the lines of `text`.
    encoding: Encoding,
}

impl OpenDocument {
    pub(super) fn new(item: TextDocumentItem, encoding: Encoding) -> Self {
        let lines = Lines::new(&item.text, encoding);
        Self { uri: item.uri.0, version: item.version, text: item.text, lines, encoding }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Applies the changes in the order in which they were made; each counts in the text that the one before it left.
    pub(super) fn apply(&mut self, version: i32, changes: Vec<Change>) {
        self.version = version;
        for change in changes {
            match change {
                Change::TextDocumentContentChangePartial(part) => {
                    let bytes = self.bytes(part.range);
                    self.text.replace_range(bytes, &part.text);
                }
                Change::TextDocumentContentChangeWholeDocument(whole) => self.text = whole.text,
            }
            self.lines = Lines::new(&self.text, self.encoding);
        }
    }

    /// The byte at a place.
    pub(super) fn offset(&self, position: Position) -> usize {
        self.lines.offset(&self.text, position)
    }

    /// The bytes between two places.
    pub(super) fn bytes(&self, range: Range) -> Bytes<usize> {
        self.lines.bytes(&self.text, range)
    }

    /// The places of both ends.
    pub(super) fn range(&self, bytes: &Bytes<usize>) -> Range {
        self.lines.range(&self.text, bytes)
    }
}

#[cfg(test)]
mod tests {
    use gen_lsp_types::{
        LanguageKind, TextDocumentContentChangePartial, TextDocumentContentChangeWholeDocument,
    };

    use super::*;

    fn part(from: (u32, u32), to: (u32, u32), text: &str) -> Change {
        let at = |(line, character)| Position { line, character };
        let range = Range { start: at(from), end: at(to) };
        TextDocumentContentChangePartial::new(range, None, text.to_owned()).into()
    }

    #[test]
    fn changes_build_on_each_other() {
        let item = TextDocumentItem {
            uri: "untitled:1".into(),
            language_id: LanguageKind::JSON,
            version: 1,
            text: "{\n \"𝄞\": 1\n}".to_owned(),
        };
        let mut document = OpenDocument::new(item, Encoding::Utf16);
        document.apply(
            2,
            vec![
                part((1, 4), (1, 4), "x"),
                part((0, 1), (1, 0), "\r\n\r\n"),
                part((2, 2), (2, 5), "é"),
                part((9, 9), (9, 9), "\n"),
            ],
        );
        assert_eq!(document.text(), "{\r\n\r\n \"é\": 1\n}\n");
        assert_eq!(document.version, 2);
        let whole = TextDocumentContentChangeWholeDocument { text: "{}".to_owned() };
        document.apply(3, vec![whole.into(), part((0, 1), (0, 1), " ")]);
        assert_eq!(document.text(), "{ }");
    }
}
