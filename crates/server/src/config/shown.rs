//! What `ringfence config show` says: every key, its value, where it came from.

use serde::Serialize;
use serde_json::Value;

use super::file::join;
use super::layers::{Loaded, Origin};

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// The key, with its section.
    pub key: String,
    /// Its value; secrets are a mark.
    pub value: Value,
    /// Where it came from.
    pub origin: ShownOrigin,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ShownOrigin {
    /// Nobody said anything.
    Default,
    /// A line of the file.
    File {
        /// Which file.
        file: String,
        /// Its line.
        line: usize,
    },
    /// An environment variable.
    Variable {
        /// Which.
        name: String,
    },
    /// A flag.
    Flag {
        /// Which, with its dashes.
        name: String,
    },
}

impl std::fmt::Display for ShownOrigin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::File { file, line } => write!(formatter, "{file}:{line}"),
            Self::Variable { name } | Self::Flag { name } => formatter.write_str(name),
        }
    }
}

impl From<Origin> for ShownOrigin {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::Default => Self::Default,
            Origin::File { file, line } => Self::File { file, line },
            Origin::Variable(name) => Self::Variable { name },
            Origin::Flag(name) => Self::Flag { name },
        }
    }
}

impl Loaded {
    /// Every key in the order of the sections, lists item by item.
    #[must_use]
    pub fn shown(&self) -> Vec<Shown> {
        let mut all = Vec::new();
        // Serializing a tree of texts and numbers does not fail; nothing would be shown.
        let values = serde_json::to_value(&self.config).unwrap_or_default();
        self.walk(&values, "", &mut all);
        all
    }

    fn walk(&self, value: &Value, path: &str, all: &mut Vec<Shown>) {
        match value {
            Value::Object(members) if path.is_empty() || !members.is_empty() => {
                for (key, value) in members {
                    if path.is_empty() && value.as_object().is_some_and(serde_json::Map::is_empty) {
                        continue;
                    }
                    self.walk(value, &join(path, key), all);
                }
            }
            Value::Array(items) if items.iter().any(Value::is_object) => {
                for (index, value) in items.iter().enumerate() {
                    self.walk(value, &join(path, &index.to_string()), all);
                }
            }
            value => all.push(Shown {
                key: path.to_owned(),
                value: value.clone(),
                origin: self.origin(path).into(),
            }),
        }
    }
}
