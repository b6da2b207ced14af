//! `ringfence doctor`: looks at everything that the service needs, and changes nothing.
//!
//! Each part looks at one thing and gives checks; a part that cannot look says so as a problem and stops none of the others.

mod certificate;
mod database;
mod folder;
mod rules;
mod source;
mod validity;

use jiff::Timestamp;
use serde::Serialize;

use crate::config::Config;

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// As it should be.
    Ok,
    /// It works, but somebody should look at it.
    Warning,
    /// It does not work, or hides something.
    Problem,
}

impl State {
    /// For people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// What was found of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// How it stands.
    pub state: State,
    /// A sentence about it: what is wrong and what to do.
    pub message: String,
}

impl Check {
    /// All is well.
    pub fn ok(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, state: State::Ok, message: message.into() }
    }

    /// Somebody should look.
    pub fn warning(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, state: State::Warning, message: message.into() }
    }

    /// It does not work.
    pub fn problem(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, state: State::Problem, message: message.into() }
    }
}

/// Looks at everything.
pub async fn examine(config: &Config, now: Timestamp) -> Vec<Check> {
    let mut checks = folder::checks(&config.data);
    checks.extend(database::checks(config, now).await);
    checks.push(source::check(&config.source).await);
    checks.extend(certificate::check(&config.tls, now));
    checks
}

/// An error with what caused it, in one line.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(own) = cause {
        text.push_str(": ");
        text.push_str(&own.to_string());
        cause = own.source();
    }
    text
}
