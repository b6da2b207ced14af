//! Elements whose value is one string or a list of strings.

use ringfence_policy::json::{Kind, Member, Value};
use ringfence_policy::location::ByteSpan;

/// A string of the document and where it stands, quotes included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'d> {
    pub(crate) value: &'d str,
    pub(crate) span: ByteSpan,
}

/// Action, NotAction, Resource or NotResource.
#[derive(Debug)]
pub(crate) struct Element<'d, P> {
    /// The name.
    pub(crate) key: Text<'d>,
    /// The value: the string, or the list with its brackets.
    pub(crate) value: &'d Value<'d>,
    /// The strings.
    pub(crate) patterns: Vec<P>,
}

impl<'d> Text<'d> {
    /// The member's name.
    pub(crate) fn of_key(member: &'d Member<'d>) -> Self {
        Self { value: &member.key.value, span: member.key.span }
    }

    /// The text of a string value.
    pub(crate) fn of(value: &'d Value<'d>) -> Option<Self> {
        value.as_str().map(|text| Self { value: text, span: value.span })
    }

    /// Whether it holds `*` or `?`.
    pub(crate) fn has_wildcard(self) -> bool {
        self.value.contains(['*', '?'])
    }
}

impl<'d, P> Element<'d, P> {
    /// Reads a member; what is not a string is left out.
    pub(crate) fn read(member: &'d Member<'d>, pattern: impl Fn(Text<'d>) -> P) -> Self {
        let texts = one_or_many(&member.value).iter().filter_map(Text::of);
        Self {
            key: Text::of_key(member),
            value: &member.value,
            patterns: texts.map(pattern).collect(),
        }
    }
}

/// The elements of a list, or the value itself.
pub(crate) fn one_or_many<'v, 'd>(value: &'v Value<'d>) -> &'v [Value<'d>] {
    match &value.kind {
        Kind::Array(elements) => elements,
        _ => std::slice::from_ref(value),
    }
}

/// The JSON type of a value, with its article.
pub(crate) fn type_name(value: &Value<'_>) -> &'static str {
    value.type_name()
}
