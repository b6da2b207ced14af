//! Values that nobody may see: they print as a mark, also where they are of the wrong type.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What stands for a secret wherever one is printed.
const MARK: &str = "(secret)";

/// A text that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret with this text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for its one use.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MARK)
    }
}

/// The mark, not the text: a secret cannot be written back.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(MARK)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // The usual error would name the value.
        match serde_json::Value::deserialize(from) {
            Ok(serde_json::Value::String(text)) => Ok(Self(text)),
            _ => Err(serde::de::Error::custom("a secret is a text, in quotation marks")),
        }
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "writeOnly": true })
    }

    fn inline_schema() -> bool {
        true
    }
}

/// The URL of a database; it prints without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(Secret);

impl DatabaseUrl {
    /// The whole URL.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The URL with a mark in the place of its password, and without the query, where there may be another.
    #[must_use]
    pub fn shown(&self) -> String {
        let whole = self.expose().split(['?', '#']).next().unwrap_or_default();
        let Some((scheme, rest)) = whole.split_once("://") else { return MARK.to_owned() };
        let (place, path) = rest.split_once('/').map_or((rest, None), |(a, b)| (a, Some(b)));
        let place = match place.rsplit_once('@') {
            Some((who, host)) => match who.split_once(':') {
                Some((name, _)) => format!("{name}:{MARK}@{host}"),
                None => format!("{who}@{host}"),
            },
            None => place.to_owned(),
        };
        match path {
            Some(path) => format!("{scheme}://{place}/{path}"),
            None => format!("{scheme}://{place}"),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown())
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.shown())
    }
}

impl<'de> Deserialize<'de> for DatabaseUrl {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let url = Secret::deserialize(from)?;
        let text = url.expose();
        match text.starts_with("postgres://") || text.starts_with("postgresql://") {
            true => Ok(Self(url)),
            false => Err(serde::de::Error::custom("a database is `postgres://USER@HOST/DATABASE`")),
        }
    }
}

impl JsonSchema for DatabaseUrl {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "DatabaseUrl".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^postgres(ql)?://" })
    }

    fn inline_schema() -> bool {
        true
    }
}
