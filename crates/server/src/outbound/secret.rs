//! Secrets of settings: the settings say where one is, never what it is.

use std::fmt;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a variable of the environment is read: the program reads it, this library does not.
pub(crate) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Where a secret is: in a file or in a variable of the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SecretSource {
    /// The file that holds it; white space around it does not count.
    pub file: Option<PathBuf>,
    /// The variable that holds it.
    pub env: Option<String>,
}

/// A secret. It is not printed.
#[derive(Clone)]
pub(crate) struct Secret(String);

impl SecretSource {
    /// Reads the secret.
    ///
    /// # Errors
    /// What is wrong, without any of it.
    pub(crate) fn read(&self, environment: Environment<'_>) -> Result<Secret, String> {
        let text = match (&self.file, &self.env) {
            (Some(file), None) => std::fs::read_to_string(file).map_err(|error| {
                format!("the secret in `{}` cannot be read: {error}", file.display())
            })?,
            (None, Some(name)) => environment(name)
                .ok_or_else(|| format!("the secret in the variable `{name}` is not there"))?,
            (None, None) => return Err("a secret has to be in a `file` or in `env`".to_owned()),
            (Some(_), Some(_)) => {
                return Err("a secret is in a `file` or in `env`, not in both".to_owned());
            }
        };
        match text.trim() {
            "" => Err("the secret is empty".to_owned()),
            text => Ok(Secret(text.to_owned())),
        }
    }
}

impl Secret {
    /// What it is.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}
