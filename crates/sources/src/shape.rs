//! From JSON values to what a file should hold: the first deviation ends it, with its place and what was
//! expected. An absent member and one that is `null` are the same.

use std::collections::BTreeMap;

use ringfence_access::inventory::Tag;
use ringfence_policy::AccountId;
use ringfence_policy::json::{Kind, Member, Value};
use ringfence_policy::location::ByteSpan;

/// What is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShapeError {
    /// The value it is about.
    pub(crate) span: ByteSpan,
    /// What was found and what is expected.
    pub(crate) message: String,
}

pub(crate) type Shaped<T> = Result<T, ShapeError>;

impl ShapeError {
    pub(crate) fn new(value: &Value<'_>, message: impl Into<String>) -> Self {
        Self { span: value.span, message: message.into() }
    }
}

fn wrong_type<T>(value: &Value<'_>, name: &str, expected: &str) -> Shaped<T> {
    let message = format!("`{name}` should be {expected}, not {}", value.type_name());
    Err(ShapeError::new(value, message))
}

/// The value as an object.
pub(crate) fn object<'v, 't>(value: &'v Value<'t>, name: &str) -> Shaped<&'v [Member<'t>]> {
    match &value.kind {
        Kind::Object(members) => Ok(members),
        _ => wrong_type(value, name, "an object"),
    }
}

/// Requires an object where no member's name says what it is.
pub(crate) fn object_here(value: &Value<'_>) -> Shaped<()> {
    match &value.kind {
        Kind::Object(_) => Ok(()),
        _ => {
            let message = format!("an object is expected here, not {}", value.type_name());
            Err(ShapeError::new(value, message))
        }
    }
}

/// The member called `name`, when it is there and not `null`.
pub(crate) fn member<'v, 't>(object: &'v Value<'t>, name: &str) -> Option<&'v Value<'t>> {
    object.get(name).filter(|value| value.kind != Kind::Null)
}

/// The member called `name`.
pub(crate) fn required<'v, 't>(object: &'v Value<'t>, name: &str) -> Shaped<&'v Value<'t>> {
    let missing = || ShapeError::new(object, format!("`{name}` is missing here"));
    member(object, name).ok_or_else(missing)
}

/// The value as text.
pub(crate) fn text<'v>(value: &'v Value<'_>, name: &str) -> Shaped<&'v str> {
    match value.as_str() {
        Some(text) => Ok(text),
        None => wrong_type(value, name, "a string"),
    }
}

/// The text of a member that must be there.
pub(crate) fn required_text<'v>(object: &'v Value<'_>, name: &str) -> Shaped<&'v str> {
    text(required(object, name)?, name)
}

/// The text of a member that may be absent; empty text counts as absent.
pub(crate) fn optional_text(object: &Value<'_>, name: &str) -> Shaped<Option<String>> {
    let Some(value) = member(object, name) else { return Ok(None) };
    Ok(Some(text(value, name)?.to_owned()).filter(|text| !text.is_empty()))
}

/// The truth of a member that may be absent.
pub(crate) fn optional_bool(object: &Value<'_>, name: &str) -> Shaped<Option<bool>> {
    let Some(value) = member(object, name) else { return Ok(None) };
    match value.as_bool() {
        Some(truth) => Ok(Some(truth)),
        None => wrong_type(value, name, "true or false"),
    }
}

/// The truth of a member that must be there.
pub(crate) fn required_bool(object: &Value<'_>, name: &str) -> Shaped<bool> {
    required(object, name)?;
    Ok(optional_bool(object, name)?.unwrap_or(false))
}

/// The elements of a list; none when it is absent.
pub(crate) fn list<'v, 't>(object: &'v Value<'t>, name: &str) -> Shaped<&'v [Value<'t>]> {
    match member(object, name) {
        None => Ok(&[]),
        Some(Value { kind: Kind::Array(elements), .. }) => Ok(elements),
        Some(value) => wrong_type(value, name, "a list"),
    }
}

/// The members of an object; none when it is absent.
pub(crate) fn map<'v, 't>(value: &'v Value<'t>, name: &str) -> Shaped<&'v [Member<'t>]> {
    member(value, name).map_or(Ok(&[]), |found| object(found, name))
}

/// The texts of a list; none when it is absent.
pub(crate) fn text_list(object: &Value<'_>, name: &str) -> Shaped<Vec<String>> {
    list(object, name)?.iter().map(|element| Ok(text(element, name)?.to_owned())).collect()
}

/// An object of texts; nothing when it is absent.
pub(crate) fn text_map(object: &Value<'_>, name: &str) -> Shaped<Option<BTreeMap<String, String>>> {
    if member(object, name).is_none() {
        return Ok(None);
    }
    let entry =
        |m: &Member<'_>| Ok((m.key.value.to_string(), text(&m.value, &m.key.value)?.to_owned()));
    map(object, name)?.iter().map(entry).collect::<Shaped<_>>().map(Some)
}

/// The value as an account id.
pub(crate) fn account_id(value: &Value<'_>, name: &str) -> Shaped<AccountId> {
    let digits = text(value, name)?;
    AccountId::new(digits).ok_or_else(|| {
        ShapeError::new(value, format!("`{name}` should be an account id of twelve digits"))
    })
}

/// Tags in AWS's form, `[{"Key": "", "Value": ""}]`.
pub(crate) fn tags(object: &Value<'_>, name: &str) -> Shaped<Vec<Tag>> {
    let tag = |element| {
        Ok(Tag {
            key: required_text(element, "Key")?.to_owned(),
            value: required_text(element, "Value")?.to_owned(),
        })
    };
    list(object, name)?.iter().map(tag).collect()
}
