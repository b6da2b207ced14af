//! The parser: recursive descent with a depth limit, going on behind each error.

use std::collections::BTreeSet;

use super::{Kind, Member, Value, string};
use crate::diagnostic::{Diagnostic, DiagnosticKind, Diagnostics};
use crate::location::{ByteSpan, Located};

/// Arrays and objects nested deeper than this are not read. AWS's own documents need about ten levels.
pub const MAX_DEPTH: usize = 128;

/// Of a text with more values than this the rest is not read: a value takes about a hundred bytes.
pub const MAX_VALUES: usize = 4_000_000;

/// Of a word that is no JSON value this many characters are shown.
const SHOWN: usize = 40;

/// What a text says, as far as it could be read, and everything that is wrong with it.
#[derive(Debug)]
pub struct Parsed<'t> {
    /// The value; [`Kind::Invalid`] where nothing could be read.
    pub value: Value<'t>,
    /// All problems, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads one JSON value from `text`.
#[must_use]
pub fn parse(text: &str) -> Parsed<'_> {
    let mut parser =
        Parser { text, at: 0, depth: 0, values: 0, diagnostics: Diagnostics::default() };
    if text.starts_with('\u{feff}') {
        parser.at = 3; // A byte order mark says nothing about the value.
    }
    parser.skip_space();
    let value = parser.value();
    parser.skip_space();
    if parser.at < text.len() && !matches!(value.kind, Kind::Invalid) {
        let span = ByteSpan::new(parser.at, text.len());
        parser.syntax(span, "text behind the end of the document");
    }
    Parsed { value, diagnostics: parser.diagnostics.into_vec() }
}

/// Reads one JSON value from `bytes`, which may turn out not to be UTF-8.
///
/// # Errors
/// The byte offset of the first byte that is not UTF-8.
pub fn parse_bytes(bytes: &[u8]) -> Result<Parsed<'_>, usize> {
    std::str::from_utf8(bytes).map(parse).map_err(|error| error.valid_up_to())
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    values: usize,
    diagnostics: Diagnostics,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn syntax(&mut self, span: ByteSpan, message: impl Into<String>) {
        self.report(Diagnostic::new(DiagnosticKind::Syntax, span, message));
    }

    fn value(&mut self) -> Value<'t> {
        let start = self.at;
        self.values += 1;
        let kind = match self.peek() {
            Some(_) if self.values > MAX_VALUES => {
                self.at = self.text.len();
                let message =
                    format!("more than {MAX_VALUES} JSON values; nothing from here on is read");
                self.syntax(ByteSpan::new(start, self.at), message);
                Kind::Invalid
            }
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => Kind::String(self.string()),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => self.word(),
            None => {
                let message = match self.text.trim().is_empty() {
                    true => "the document is empty",
                    false => "the document ends where a value is expected",
                };
                self.syntax(ByteSpan::new(start, start), message);
                Kind::Invalid
            }
        };
        Value { span: ByteSpan::new(start, self.at), kind }
    }

    fn string(&mut self) -> std::borrow::Cow<'t, str> {
        let diagnostics = &mut self.diagnostics;
        let (text, end) = string::read(self.text, self.at, &mut |d| diagnostics.push(d));
        self.at = end;
        text
    }

    fn nested(&mut self, read: fn(&mut Self) -> Kind<'t>) -> Kind<'t> {
        if self.depth == MAX_DEPTH {
            let start = self.at;
            self.skip_nested();
            let message = format!("nested deeper than {MAX_DEPTH} levels; nothing inside is read");
            let span = ByteSpan::new(start, self.at);
            self.report(Diagnostic::new(DiagnosticKind::Nesting, span, message));
            return Kind::Invalid;
        }
        self.depth += 1;
        let kind = read(self);
        self.depth -= 1;
        kind
    }

    /// Moves behind the bracket that closes the one here, without recursion.
    fn skip_nested(&mut self) {
        let mut open = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.at = string::read(self.text, self.at, &mut |_| ()).1;
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' => open = open.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return;
            }
        }
    }

    fn array(&mut self) -> Kind<'t> {
        let open = self.at;
        self.at += 1;
        let mut elements = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                None | Some(b'}') => {
                    self.unclosed(open, "array");
                    break;
                }
                Some(b',') => self.stray_comma(),
                Some(_) => {
                    elements.push(self.value());
                    self.separator(b']');
                }
            }
        }
        Kind::Array(elements)
    }

    fn object(&mut self) -> Kind<'t> {
        let open = self.at;
        self.at += 1;
        let mut members: Vec<Member<'t>> = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                None | Some(b']') => {
                    self.unclosed(open, "object");
                    break;
                }
                Some(b',') => self.stray_comma(),
                Some(_) => {
                    if let Some(member) = self.member() {
                        members.push(member);
                    }
                    self.separator(b'}');
                }
            }
        }
        self.report_duplicates(&members);
        Kind::Object(members)
    }

    fn member(&mut self) -> Option<Member<'t>> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            self.skip_word();
            let span = ByteSpan::new(start, self.at);
            self.syntax(span, "a member name in double quotes is expected here");
            if self.after_space() == Some(b':') {
                self.skip_space();
                self.at += 1;
                self.skip_space();
                self.value();
            }
            return None;
        }
        let name = self.string();
        let key = Located::new(name, ByteSpan::new(start, self.at));
        self.skip_space();
        if self.peek() != Some(b':') {
            self.syntax(key.span, "`:` and a value are expected behind this name");
            return None;
        }
        self.at += 1;
        self.skip_space();
        if let Some(b',' | b'}' | b']') = self.peek() {
            self.syntax(key.span, "a value is expected behind this name");
            return None;
        }
        Some(Member { key, value: self.value() })
    }

    fn after_space(&self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        rest.iter().copied().find(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
    }

    /// Behind a value: takes the comma, or says that it is missing.
    fn separator(&mut self, close: u8) {
        let end = self.at;
        self.skip_space();
        match self.peek() {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                if self.after_space() == Some(close) {
                    let span = ByteSpan::new(comma, comma + 1);
                    self.syntax(span, "a comma stands before the closing bracket");
                }
            }
            Some(b']' | b'}') | None => {}
            Some(_) => self.syntax(ByteSpan::new(end, self.at), "a comma is missing here"),
        }
    }

    fn stray_comma(&mut self) {
        self.syntax(ByteSpan::new(self.at, self.at + 1), "a value is missing before this comma");
        self.at += 1;
    }

    fn unclosed(&mut self, open: usize, what: &str) {
        if self.values > MAX_VALUES {
            return; // The end was not read.
        }
        self.syntax(ByteSpan::new(open, open + 1), format!("this {what} is not closed"));
        // The other kind of bracket closes an outer level, unless there is none.
        if self.depth == 1 && self.peek().is_some() {
            self.at += 1;
        }
    }

    fn number(&mut self) -> Kind<'t> {
        let start = self.at;
        while let Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') = self.peek() {
            self.at += 1;
        }
        let spelled = self.text.get(start..self.at).unwrap_or("");
        if is_number(spelled) {
            return Kind::Number(spelled);
        }
        let shown: String = spelled.chars().take(SHOWN).collect();
        let message = format!("`{shown}` is no JSON number");
        self.syntax(ByteSpan::new(start, self.at), message);
        Kind::Invalid
    }

    fn skip_word(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or("");
        let stop =
            |c: char| c.is_whitespace() || matches!(c, ',' | ':' | '[' | ']' | '{' | '}' | '"');
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let length = rest.find(stop).unwrap_or(rest.len()).max(first);
        self.at += length;
    }

    fn word(&mut self) -> Kind<'t> {
        let start = self.at;
        self.skip_word();
        match self.text.get(start..self.at).unwrap_or("") {
            "true" => Kind::Boolean(true),
            "false" => Kind::Boolean(false),
            "null" => Kind::Null,
            word => {
                let shown: String = word.chars().take(SHOWN).collect();
                let message = format!("`{shown}` is no JSON value; text belongs in double quotes");
                self.syntax(ByteSpan::new(start, self.at), message);
                Kind::Invalid
            }
        }
    }

    fn report_duplicates(&mut self, members: &[Member<'t>]) {
        let duplicate = |name: &Located<_>| {
            let message = format!("the member `{}` stands twice in this object", name.value);
            Diagnostic::new(DiagnosticKind::DuplicateKey, name.span, message)
        };
        if let [] | [_] = members {
            return;
        }
        if members.len() <= 12 {
            for (index, member) in members.iter().enumerate() {
                if members.iter().take(index).any(|other| other.key.value == member.key.value) {
                    self.report(duplicate(&member.key));
                }
            }
            return;
        }
        let mut seen = BTreeSet::new();
        for member in members {
            if !seen.insert(member.key.value.as_ref()) {
                self.report(duplicate(&member.key));
            }
        }
    }
}

/// JSON's grammar of numbers: <https://www.rfc-editor.org/rfc/rfc8259#section-6>.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let digits = |t: &str| t.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    if whole == 0 || (whole > 1 && text.starts_with('0')) {
        return false;
    }
    let mut rest = text.get(whole..).unwrap_or("");
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = fraction.get(length..).unwrap_or("");
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}
