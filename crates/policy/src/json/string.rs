//! JSON strings: unescaping, escaping, and the way back from the unescaped text to the source.

use std::borrow::Cow;

use crate::diagnostic::{Diagnostic, DiagnosticKind};
use crate::location::ByteSpan;

/// Reads the string whose opening quote is at `start`; gives its text and the offset behind it.
pub(super) fn read<'t>(
    text: &'t str,
    start: usize,
    report: &mut impl FnMut(Diagnostic),
) -> (Cow<'t, str>, usize) {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return (Cow::Borrowed(text.get(start + 1..at).unwrap_or("")), at + 1),
            b'\\' | 0..=0x1f => return read_escaped(text, start, at, report),
            _ => at += 1,
        }
    }
    unterminated(text, start, report);
    (Cow::Borrowed(text.get(start + 1..).unwrap_or("")), text.len())
}

fn unterminated(text: &str, start: usize, report: &mut impl FnMut(Diagnostic)) {
    let span = ByteSpan::new(start, text.len());
    report(Diagnostic::new(DiagnosticKind::Syntax, span, "this string has no closing quote"));
}

/// Goes on where the first byte that cannot be copied as it is stands.
fn read_escaped<'t>(
    text: &'t str,
    start: usize,
    first: usize,
    report: &mut impl FnMut(Diagnostic),
) -> (Cow<'t, str>, usize) {
    let mut decoded = text.get(start + 1..first).unwrap_or("").to_owned();
    let mut at = first;
    while let Some(rest) = text.get(at..)
        && let Some(character) = rest.chars().next()
    {
        match character {
            '"' => return (Cow::Owned(decoded), at + 1),
            '\\' => {
                let (unescaped, length) = unescape(rest);
                match unescaped {
                    Ok(character) => decoded.push(character),
                    Err(problem) => {
                        decoded.push('\u{fffd}');
                        let span = ByteSpan::new(at, at + length);
                        report(Diagnostic::new(DiagnosticKind::Syntax, span, problem));
                    }
                }
                at += length;
            }
            '\n' | '\r' => {
                // A string never spans lines: reading on would swallow the rest of the document.
                let span = ByteSpan::new(start, at);
                let problem = "this string has no closing quote on its line";
                report(Diagnostic::new(DiagnosticKind::Syntax, span, problem));
                return (Cow::Owned(decoded), at);
            }
            '\0'..='\u{1f}' => {
                let span = ByteSpan::new(at, at + 1);
                let problem =
                    format!("control character U+{:04X} must be escaped", u32::from(character));
                report(Diagnostic::new(DiagnosticKind::Syntax, span, problem));
                decoded.push(character);
                at += 1;
            }
            _ => {
                decoded.push(character);
                at += character.len_utf8();
            }
        }
    }
    unterminated(text, start, report);
    (Cow::Owned(decoded), text.len())
}

/// The character that the escape at the head of `rest` stands for, and the escape's length in bytes.
fn unescape(rest: &str) -> (Result<char, &'static str>, usize) {
    let simple = |character| (Ok(character), 2);
    match rest.as_bytes().get(1) {
        Some(b'"') => simple('"'),
        Some(b'\\') => simple('\\'),
        Some(b'/') => simple('/'),
        Some(b'b') => simple('\u{8}'),
        Some(b'f') => simple('\u{c}'),
        Some(b'n') => simple('\n'),
        Some(b'r') => simple('\r'),
        Some(b't') => simple('\t'),
        Some(b'u') => unescape_unicode(rest),
        Some(_) => {
            let length = rest.chars().nth(1).map_or(1, char::len_utf8);
            (Err("this escape is none of JSON's"), 1 + length)
        }
        None => (Err("a backslash at the end of the text"), 1),
    }
}

fn unescape_unicode(rest: &str) -> (Result<char, &'static str>, usize) {
    let unit = |from: usize| {
        let digits = rest.get(from..from + 4)?;
        digits.bytes().all(|b| b.is_ascii_hexdigit()).then_some(())?;
        u32::from_str_radix(digits, 16).ok()
    };
    let Some(first) = unit(2) else { return (Err("`\\u` needs four hexadecimal digits"), 2) };
    if let Some(character) = char::from_u32(first) {
        return (Ok(character), 6);
    }
    let second = rest.get(6..8).filter(|pair| *pair == "\\u").and_then(|_| unit(8));
    match second {
        Some(low @ 0xdc00..=0xdfff) if first < 0xdc00 => {
            let code = 0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00);
            (char::from_u32(code).ok_or("this is no Unicode character"), 12)
        }
        _ => (Err("half of a surrogate pair is no character"), 6),
    }
}

/// The offset in the source of the byte at `decoded_offset` of the string whose source, quotes
/// included, is `source`.
///
/// A policy is often a JSON string inside JSON; this leads from a place in the policy to the file.
#[must_use]
pub fn decoded_offset_to_source(source: &str, decoded_offset: usize) -> usize {
    SourceOffsets::new(source).of(decoded_offset)
}

/// The same for many offsets of one string, which is read once when they come in order.
#[derive(Clone, Debug)]
pub struct SourceOffsets<'t> {
    source: &'t str,
    at: usize,
    decoded: usize, // INVARIANT: the length of what `source` says up to `at`.
}

impl<'t> SourceOffsets<'t> {
    /// Of the string whose source, quotes included, is `source`.
    #[must_use]
    pub fn new(source: &'t str) -> Self {
        Self { source, at: 1, decoded: 0 }
    }

    /// The offset in the source of the byte at `decoded_offset`.
    pub fn of(&mut self, decoded_offset: usize) -> usize {
        if decoded_offset < self.decoded {
            *self = Self::new(self.source);
        }
        while self.decoded < decoded_offset
            && let Some(rest) = self.source.get(self.at..)
            && let Some(character) = rest.chars().next()
        {
            let (character, length) = match character {
                '\\' => {
                    let (unescaped, length) = unescape(rest);
                    (unescaped.unwrap_or('\u{fffd}'), length)
                }
                other => (other, other.len_utf8()),
            };
            self.decoded += character.len_utf8();
            self.at += length;
        }
        self.at
    }
}

/// `text` as a JSON string, quotes included.
#[must_use]
pub fn escape(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
