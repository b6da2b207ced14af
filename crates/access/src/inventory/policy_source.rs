//! A policy document as it stands in a file, and the way from a place in the document to the file.
//!
//! The text is kept and the model is built when it is asked for: the model of a policy takes about ten
//! times the memory of its text, and an environment has a hundred thousand of them.

use std::borrow::Cow;
use std::sync::Arc;

use ringfence_policy::json::{self, Kind, SourceOffsets};
use ringfence_policy::location::{LineIndex, Position};
use ringfence_policy::{PolicyDocument, parse_policy};

use super::TokenPlaces;

/// Longer documents are not read. AWS's longest limit for a policy document is 32 KiB.
pub const MAX_POLICY_BYTES: usize = 8 << 20;

/// How a policy document stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedding {
    /// As JSON among JSON, or alone.
    Document,
    /// As the text of a JSON string.
    JsonString,
    /// As the text of a JSON string in which all but letters, digits and a few marks is percent-encoded,
    /// as IAM's API gives it.
    UrlEncoded,
    /// As values of a template, which need not be JSON and of which parts are worked out.
    Template,
}

/// A policy document as it stands in a file. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicySource {
    file: Arc<str>,
    // INVARIANT: one JSON string with its quotes, unless the embedding is `Document` or `Template`.
    text: Arc<str>,
    embedding: Embedding,
    start: Position,
    tokens: Option<Arc<TokenPlaces>>, // INVARIANT: there exactly if the embedding is `Template`.
}

/// Something that is wrong with a policy document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyProblem {
    /// Where in the file.
    pub position: Position,
    /// What is wrong and what is expected, for a person.
    pub message: String,
}

impl PolicySource {
    /// The document in a JSON value of `file` whose source is `text`, found at `start`. The source of a
    /// string includes its quotes.
    #[must_use]
    pub fn new(file: &Arc<str>, text: &str, start: Position) -> Self {
        let embedding = match text.starts_with('"') {
            false => Embedding::Document,
            true if is_url_encoded(text) => Embedding::UrlEncoded,
            true => Embedding::JsonString,
        };
        Self { file: Arc::clone(file), text: Arc::from(text), embedding, start, tokens: None }
    }

    /// The document that values of the template `file` come to. `text` is that document as JSON, `tokens` says
    /// where in the template its tokens stand.
    #[must_use]
    pub fn of_template(file: &Arc<str>, text: &str, tokens: TokenPlaces) -> Self {
        Self {
            file: Arc::clone(file),
            text: Arc::from(text),
            embedding: Embedding::Template,
            start: tokens.position(0),
            tokens: Some(Arc::new(tokens)),
        }
    }

    /// Whether what stands at `position` of the file is known. Only templates hold what is not.
    #[must_use]
    pub fn is_known(&self, position: Position) -> bool {
        self.tokens.as_ref().is_none_or(|tokens| !tokens.unknown.contains(&position))
    }

    /// The document that a file holds and nothing else.
    #[must_use]
    pub fn whole_file(file: &Arc<str>, text: &str) -> Self {
        let start = Position { line: 1, column: 0, offset: 0 };
        let text = Arc::from(text);
        let embedding = Embedding::Document;
        Self { file: Arc::clone(file), text, embedding, start, tokens: None }
    }

    /// The file it stands in.
    #[must_use]
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// How it stands in the file.
    #[must_use]
    pub fn embedding(&self) -> Embedding {
        self.embedding
    }

    /// The document's text: offsets and spans of what [`PolicySource::parse`] gives count in it.
    ///
    /// # Errors
    /// When the text is percent-encoded and what it stands for is not UTF-8.
    pub fn decoded(&self) -> Result<Cow<'_, str>, PolicyProblem> {
        if matches!(self.embedding, Embedding::Document | Embedding::Template) {
            return Ok(Cow::Borrowed(&self.text));
        }
        let unescaped = match json::parse(&self.text).value.kind {
            Kind::String(unescaped) => unescaped,
            _ => Cow::Borrowed(""),
        };
        if self.embedding == Embedding::JsonString {
            return Ok(unescaped);
        }
        let bytes = UrlDecoded(unescaped.as_bytes()).map(|(byte, _)| byte).collect();
        String::from_utf8(bytes).map(Cow::Owned).map_err(|error| {
            let offset = u32::try_from(error.utf8_error().valid_up_to()).unwrap_or(u32::MAX);
            let message = "the percent-encoded policy is not UTF-8 at this place".to_owned();
            PolicyProblem { position: self.position(offset), message }
        })
    }

    /// The document's model.
    ///
    /// # Errors
    /// All problems of the document, at least one. A document with a problem must not be reasoned about:
    /// what is missing could be a Deny.
    pub fn parse(&self) -> Result<PolicyDocument, Vec<PolicyProblem>> {
        let text = self.decoded().map_err(|problem| vec![problem])?;
        if text.len() > MAX_POLICY_BYTES {
            let message = format!(
                "the policy has {} bytes; policies of more than {MAX_POLICY_BYTES} bytes are not read",
                text.len()
            );
            return Err(vec![PolicyProblem { position: self.start, message }]);
        }
        parse_policy(&text).sound().map_err(|diagnostics| {
            let mut places = Places::new(self);
            let problem = |diagnostic: ringfence_policy::Diagnostic| PolicyProblem {
                position: places.position(diagnostic.span.start),
                message: diagnostic.message,
            };
            diagnostics.into_iter().map(problem).collect()
        })
    }

    /// Where in the file the byte at `offset` of the document stands. Lines count from 1; columns and
    /// offsets from 0, in characters of the file.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        Places::new(self).position(offset)
    }
}

/// Positions in the file for offsets of the document; reads the text once when they come in order.
struct Places<'s> {
    source: &'s PolicySource,
    lines: LineIndex<'s>,
    string: SourceOffsets<'s>,
    /// The percent-encoded text, how much of it has been read, and how many bytes that stands for.
    encoded: Vec<u8>,
    read: usize,
    decoded: usize,
}

impl<'s> Places<'s> {
    fn new(source: &'s PolicySource) -> Self {
        let encoded = match source.embedding {
            Embedding::Document | Embedding::JsonString | Embedding::Template => Vec::new(),
            Embedding::UrlEncoded => {
                json::parse(&source.text).value.as_str().unwrap_or_default().as_bytes().to_vec()
            }
        };
        let lines = LineIndex::new(&source.text);
        let string = SourceOffsets::new(&source.text);
        Self { source, lines, string, encoded, read: 0, decoded: 0 }
    }

    fn position(&mut self, offset: u32) -> Position {
        if let Some(tokens) = &self.source.tokens {
            return tokens.position(offset);
        }
        let offset = offset as usize;
        let in_source = match self.source.embedding {
            Embedding::Document | Embedding::Template => offset,
            Embedding::JsonString => self.string.of(offset),
            Embedding::UrlEncoded => {
                let encoded = self.encoded_offset(offset);
                self.string.of(encoded)
            }
        };
        let in_source = u32::try_from(in_source).unwrap_or(u32::MAX);
        place_within(self.source.start, self.lines.position(in_source))
    }

    fn encoded_offset(&mut self, offset: usize) -> usize {
        if offset < self.decoded {
            (self.read, self.decoded) = (0, 0);
        }
        let rest = self.encoded.get(self.read..).unwrap_or_default();
        for (_, length) in UrlDecoded(rest).take(offset - self.decoded) {
            self.read += length;
            self.decoded += 1;
        }
        self.read
    }
}

/// The position in a file of what stands at `inner` of a part of it that starts at `outer`.
#[must_use]
pub fn place_within(outer: Position, inner: Position) -> Position {
    let column = match inner.line {
        0 | 1 => outer.column + inner.column,
        _ => inner.column,
    };
    let line = outer.line + inner.line.saturating_sub(1);
    Position { line, column, offset: outer.offset + inner.offset }
}

/// Whether the string whose source is `text` is a percent-encoded policy. Every policy has double quotes;
/// in a JSON string they are escaped or, percent-encoded, not there.
fn is_url_encoded(text: &str) -> bool {
    let inside = text.trim_matches('"');
    !inside.contains('"') && !inside.contains("\\u0022") && inside.contains("%22")
}

/// The bytes that a percent-encoded text stands for, each with the number of bytes it is written in. A
/// `%` without two hexadecimal digits behind it stands for itself, as <https://url.spec.whatwg.org/#percent-decode>
/// has it.
struct UrlDecoded<'t>(&'t [u8]);

impl Iterator for UrlDecoded<'_> {
    type Item = (u8, usize);

    fn next(&mut self) -> Option<(u8, usize)> {
        let (first, rest) = self.0.split_first()?;
        if *first == b'%'
            && let [high, low, rest @ ..] = rest
            && let (Some(high), Some(low)) = (hexadecimal(*high), hexadecimal(*low))
        {
            self.0 = rest;
            return Some((high << 4 | low, 3));
        }
        self.0 = rest;
        Some((*first, 1))
    }
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests;
