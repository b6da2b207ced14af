//! Whether a value is what the model says, constraint by constraint.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::exception::Field;
use super::model::{MemberModel, Presence, Shape};
use super::shapes::PATTERNS;

/// What is wrong with an input.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    /// Values of another type than the model's: AWS cannot parse them.
    pub(crate) unreadable: Vec<Field>,
    /// Constraints that do not hold.
    pub(crate) fields: Vec<Field>,
}

/// What is kept of `value`: the members that the model knows, without nulls. Nothing for a null, and nothing
/// reliable where there are problems.
pub(crate) fn validate(
    shape: &Shape,
    value: &Value,
    path: &str,
    problems: &mut Problems,
) -> Option<Value> {
    match (shape, value) {
        (_, Value::Null) => None,
        (Shape::Structure(members), Value::Object(own)) => {
            Some(Value::Object(structure(members, own, path, problems)))
        }
        (Shape::Union(members), Value::Object(own)) => {
            let kept = structure(members, own, path, problems);
            if kept.len() != 1 {
                let names: Vec<&str> = members.iter().map(|member| member.name).collect();
                let names = names.join(", ");
                problems.field(path, format!("must have exactly one of the members {names}"));
            }
            Some(Value::Object(kept))
        }
        (Shape::List { member, length }, Value::Array(own)) => {
            if !length.admits(count(own.len())) {
                problems.field(path, format!("must have {} elements", length.text()));
            }
            let element = |(index, value)| {
                let path = format!("{path}.{index}");
                let kept = validate(member, value, &path, problems);
                if kept.is_none() {
                    problems.field(&path, "must not be null".to_owned());
                }
                kept
            };
            Some(Value::Array(own.iter().enumerate().filter_map(element).collect()))
        }
        (Shape::Map { key, value }, Value::Object(own)) => {
            let entry = |(name, inner): (&String, &Value)| {
                let path = join(path, name);
                validate(key, &Value::String(name.clone()), &path, problems);
                let kept = validate(value, inner, &path, problems)?;
                Some((name.clone(), kept))
            };
            Some(Value::Object(own.iter().filter_map(entry).collect()))
        }
        (Shape::Text { length, pattern, values }, Value::String(text)) => {
            if !length.admits(count(text.chars().count())) {
                problems.field(path, format!("must have {} characters", length.text()));
            }
            if let Some(pattern) = pattern.filter(|pattern| !fulfils(text, pattern)) {
                problems.field(path, format!("must match the pattern {pattern}"));
            }
            if !values.is_empty() && !values.contains(&text.as_str()) {
                problems.field(path, format!("must be one of {}", values.join(", ")));
            }
            Some(value.clone())
        }
        (Shape::Integer(bounds), Value::Number(number)) => {
            match number.as_i64().filter(|own| i32::try_from(*own).is_ok()) {
                Some(own) if !bounds.admits(own) => {
                    problems.field(path, format!("must be {}", bounds.text()));
                }
                Some(_) => {}
                None => problems.unreadable(path, "must be a 32-bit integer"),
            }
            Some(value.clone())
        }
        (Shape::Boolean, Value::Bool(_)) => Some(value.clone()),
        (Shape::Timestamp, Value::String(text)) => {
            if text.parse::<jiff::Timestamp>().is_err() {
                problems.unreadable(path, "must be a time in ISO 8601");
            }
            Some(value.clone())
        }
        (expected, _) => {
            problems.unreadable(path, expected.type_name());
            None
        }
    }
}

fn structure(
    members: &[MemberModel],
    own: &Map<String, Value>,
    path: &str,
    problems: &mut Problems,
) -> Map<String, Value> {
    let mut kept = Map::new();
    for member in members {
        let path = join(path, member.name);
        let value = own.get(member.name).unwrap_or(&Value::Null);
        match validate(member.shape, value, &path, problems) {
            Some(value) => {
                kept.insert(member.name.to_owned(), value);
            }
            None if value.is_null() && member.presence == Presence::Required => {
                problems.field(&path, "must not be null".to_owned());
            }
            None => {}
        }
    }
    kept
}

impl Problems {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.unreadable.is_empty() && self.fields.is_empty()
    }

    fn field(&mut self, path: &str, message: String) {
        self.fields.push(Field { name: path.to_owned(), message });
    }

    fn unreadable(&mut self, path: &str, message: &str) {
        self.unreadable.push(Field { name: path.to_owned(), message: message.to_owned() });
    }
}

impl Shape {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Structure(_) | Self::Union(_) | Self::Map { .. } => "must be an object",
            Self::List { .. } => "must be a list",
            Self::Text { .. } => "must be a string",
            Self::Integer(_) => "must be an integer",
            Self::Boolean => "must be true or false",
            Self::Timestamp => "must be a time in ISO 8601",
        }
    }
}

/// Whether the whole text fulfils the pattern. A pattern that is no regular expression is fulfilled by nothing.
fn fulfils(text: &str, pattern: &'static str) -> bool {
    static COMPILED: LazyLock<BTreeMap<&str, Regex>> = LazyLock::new(|| {
        let compiled = |own: &&'static str| Some((*own, Regex::new(&format!("^(?:{own})$")).ok()?));
        PATTERNS.iter().filter_map(compiled).collect()
    });
    COMPILED.get(pattern).is_some_and(|own| own.is_match(text))
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
