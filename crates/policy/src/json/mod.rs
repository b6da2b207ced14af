//! JSON read with the place of every token, reporting every problem instead of stopping at the first.
//!
//! This is not a general parser: values keep their spans and numbers their spelling, members keep
//! their order and their repetitions, and reading goes on behind an error. See
//! `docs/decisions/0002-own-json-parser.md`.

mod parser;
mod string;

use std::borrow::Cow;

pub use crate::diagnostic::MAX_DIAGNOSTICS;
pub use parser::{MAX_DEPTH, MAX_VALUES, Parsed, parse, parse_bytes};
pub use string::{SourceOffsets, decoded_offset_to_source, escape};

use crate::location::{ByteSpan, Located};

/// A JSON value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Value<'t> {
    /// The whole text of the value, brackets and quotes included.
    pub span: ByteSpan,
    /// What it is.
    pub kind: Kind<'t>,
}

/// What a JSON value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind<'t> {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number, as it is spelled.
    Number(&'t str),
    /// A string, unescaped.
    String(Cow<'t, str>),
    /// An array.
    Array(Vec<Value<'t>>),
    /// An object: members in the order of the text, repetitions included.
    Object(Vec<Member<'t>>),
    /// Something that could not be read; a diagnostic says why.
    Invalid,
}

/// One `"name": value` of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member<'t> {
    /// The name, unescaped; the span includes its quotes.
    pub key: Located<Cow<'t, str>>,
    /// The value.
    pub value: Value<'t>,
}

impl<'t> Value<'t> {
    /// The first member called `name`, when this is an object that has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value<'t>> {
        self.members().iter().find(|member| member.key.value == name).map(|member| &member.value)
    }

    /// The members of an object, nothing for any other value.
    #[must_use]
    pub fn members(&self) -> &[Member<'t>] {
        match &self.kind {
            Kind::Object(members) => members,
            _ => &[],
        }
    }

    /// The elements of an array, nothing for any other value.
    #[must_use]
    pub fn elements(&self) -> &[Value<'t>] {
        match &self.kind {
            Kind::Array(elements) => elements,
            _ => &[],
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match &self.kind {
            Kind::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// The JSON type's name, with its article, for messages.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "null",
            Kind::Boolean(_) => "a boolean",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Array(_) => "an array",
            Kind::Object(_) => "an object",
            Kind::Invalid => "unreadable text",
        }
    }
}
