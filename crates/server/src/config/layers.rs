//! File, variables and flags, one over the other, with the origin of every value.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use super::Config;
use super::file::{self, join};
use super::names::{FLAGS, PREFIX};

/// A file of configuration.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// What it is called in messages.
    pub name: &'a str,
    /// What it says.
    pub text: &'a str,
}

/// A variable or flag that is set.
#[derive(Clone, PartialEq, Eq)]
pub struct Given {
    /// The variable's name, or the flag without dashes in the spelling of an identifier.
    pub name: String,
    /// What it is set to.
    pub value: String,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// A line of the file.
    File {
        /// Which file.
        file: String,
        /// Its line, counted from 1.
        line: usize,
    },
    /// An environment variable.
    Variable(String),
    /// A flag, with its dashes.
    Flag(String),
}

/// The configuration and where it came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    origins: BTreeMap<String, Origin>,
}

/// Why there is no configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}: {message}")]
pub struct ConfigError {
    /// Where the fault is.
    pub origin: Origin,
    /// What is wrong, with the key and what is expected.
    pub message: String,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::File { file, line } => write!(formatter, "{file}:{line}"),
            Self::Variable(name) | Self::Flag(name) => formatter.write_str(name),
        }
    }
}

/// Merges file, variables and flags, from the weakest to the strongest. Of variables only those count that begin with
/// `RINGFENCE_` and have a name of their own or hold `__`; the short name is the stronger one.
///
/// # Errors
/// The first key that is not known or whose value is of another type, with its place.
pub fn load(
    file: Option<File<'_>>,
    variables: &[Given],
    flags: &[Given],
) -> Result<Loaded, ConfigError> {
    let mut layers = Layers { values: Value::Object(Map::new()), origins: BTreeMap::new() };
    if let Some(File { name, text }) = file {
        let at = |line| Origin::File { file: name.to_owned(), line };
        let parsed = file::parse(text)
            .map_err(|(line, message)| ConfigError { origin: at(line), message })?;
        layers.values = parsed.values;
        layers.origins = parsed.lines.into_iter().map(|(path, line)| (path, at(line))).collect();
        layers.read()?;
    }
    let (mut long, mut short) = (Vec::new(), Vec::new());
    for given in variables {
        let known = FLAGS.iter().find(|own| own.variable == Some(given.name.as_str()));
        match (known, given.name.strip_prefix(PREFIX)) {
            (Some(own), _) => short.push((own.key.to_owned(), given)),
            (None, Some(rest)) if rest.contains("__") => {
                long.push((rest.to_lowercase().replace("__", "."), given));
            }
            _ => {}
        }
    }
    for (key, given) in long.into_iter().chain(short) {
        layers.put(&key, &given.value, &Origin::Variable(given.name.clone()))?;
    }
    for given in flags {
        if let Some(own) = FLAGS.iter().find(|own| own.flag == Some(given.name.as_str())) {
            let origin = Origin::Flag(format!("--{}", given.name.replace('_', "-")));
            layers.put(own.key, &given.value, &origin)?;
        }
    }
    let config = layers.read()?;
    Ok(Loaded { config, origins: layers.origins })
}

impl Loaded {
    /// Where the value of a key came from.
    #[must_use]
    pub fn origin(&self, path: &str) -> Origin {
        origin(&self.origins, path)
    }
}

struct Layers {
    values: Value,
    origins: BTreeMap<String, Origin>,
}

impl Layers {
    /// Sets the value of a key from a text: the text itself, what TOML makes of it, or the list of what stands between its
    /// commas, whichever the key takes.
    fn put(&mut self, key: &str, text: &str, origin: &Origin) -> Result<(), ConfigError> {
        let mut refused = None;
        for value in readings(text) {
            let alone = Layers {
                values: nested(key, value.clone()),
                origins: BTreeMap::from([(key.to_owned(), origin.clone())]),
            };
            match alone.read() {
                Ok(_) => {
                    merge(&mut self.values, nested(key, value));
                    let inside = format!("{key}.");
                    self.origins.retain(|path, _| !path.starts_with(&inside));
                    self.origins.insert(key.to_owned(), origin.clone());
                    return Ok(());
                }
                Err(error) => {
                    refused.get_or_insert(error);
                }
            }
        }
        match refused {
            // The fault is the variable's or flag's, wherever in its value.
            Some(error) => Err(ConfigError { origin: origin.clone(), ..error }),
            None => Ok(()),
        }
    }

    fn read(&self) -> Result<Config, ConfigError> {
        serde_path_to_error::deserialize(self.values.clone()).map_err(|error| {
            let message = error.inner().to_string();
            let mut path = error.path().to_string();
            if let Some(unknown) = unknown_field(&message)
                && path.rsplit('.').next() != Some(unknown)
            {
                path = join(if path == "." { "" } else { &path }, unknown);
            }
            // Items of lists are written `[0]` there and `.0` here.
            let path = path.replace('[', ".").replace(']', "");
            ConfigError {
                origin: origin(&self.origins, &path),
                message: format!("`{path}`: {message}"),
            }
        })
    }
}

/// The origin of the longest path that is, or is above, `path`.
fn origin(origins: &BTreeMap<String, Origin>, path: &str) -> Origin {
    let mut path = path;
    loop {
        if let Some(origin) = origins.get(path) {
            return origin.clone();
        }
        match path.rsplit_once('.') {
            Some((above, _)) => path = above,
            None => return Origin::Default,
        }
    }
}

fn unknown_field(message: &str) -> Option<&str> {
    message.strip_prefix("unknown field `")?.split('`').next()
}

/// What a text of a variable or flag may mean.
fn readings(text: &str) -> Vec<Value> {
    let as_toml: Option<Value> = toml::from_str(&format!("value = {text}"))
        .ok()
        .filter(|_| !text.contains('\n'))
        .and_then(|table: Map<String, Value>| table.get("value").cloned());
    // A text first: a name that consists of digits is a name where the key takes one.
    let plain = Value::String(text.to_owned());
    let list = text.split(',').map(|own| Value::String(own.trim().to_owned())).collect();
    std::iter::once(plain).chain(as_toml).chain([Value::Array(list)]).collect()
}

fn nested(key: &str, value: Value) -> Value {
    key.rsplit('.')
        .fold(value, |inner, part| Value::Object(Map::from_iter([(part.to_owned(), inner)])))
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                match into.get_mut(&key) {
                    Some(own) => merge(own, value),
                    None => {
                        into.insert(key, value);
                    }
                }
            }
        }
        (into, from) => *into = from,
    }
}
