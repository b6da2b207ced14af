//! How the service runs: one [`Config`], a section for each area, from a file (TOML), environment variables over it
//! and flags over these.
//!
//! A section is a file of this folder: its type says which keys there are, what they mean and what holds without them;
//! the reference (`docs/configuration.md`) and the JSON Schema are written from that. Every section refuses keys that it does
//! not know. `layers` merges and remembers where each value came from, so that an error and `ringfence config show` can
//! say it. Nothing here reads a file or the environment: texts are arguments.
//!
//! A value that nobody may see is a [`Secret`] (or, in a URL, a [`DatabaseUrl`]): these never print themselves.

mod archive_rules;
mod data;
mod file;
mod layers;
mod limits;
mod log;
mod names;
mod secret;
mod serve;
mod shown;
mod source;
mod tls;

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::events::EventsSettings;
use crate::notifications::NotificationSettings;
use crate::record::RecordSettings;
use crate::response::ResponseSettings;
use crate::retention::RetentionSettings;

pub use archive_rules::ArchiveRules;
pub use data::Data;
pub use layers::{ConfigError, File, Given, Loaded, Origin, load};
pub use limits::Limits;
pub use log::{Log, LogFormat};
pub use names::{FLAGS, Flag, PREFIX};
pub use secret::{DatabaseUrl, Secret};
pub use serve::Serve;
pub use shown::Shown;
pub use source::Source;
pub use tls::Tls;

/// The configuration of the service.
///
/// Each section and each key in it may be left out. Paths are read from the folder in which the program is started.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the service listens and what it stands for.
    pub serve: Serve,
    /// Where the service keeps what outlives it.
    pub data: Data,
    /// The environment that is watched.
    pub source: Source,
    /// How connections are encrypted.
    pub tls: Tls,
    /// How much clients may ask for.
    pub limits: Limits,
    /// What is told on standard error.
    pub log: Log,
    /// What is done about archive rules that could hide a public exposure.
    pub archive_rules: ArchiveRules,
    /// Where events go.
    pub events: EventsSettings,
    /// Who is told of what, by mail and chat.
    pub notifications: NotificationSettings,
    /// How long what is old is kept.
    pub retention: RetentionSettings,
    /// What is done about findings; without the section nothing is.
    pub response: Option<ResponseSettings>,
    /// How the record of what was done is kept safe.
    pub record: RecordSettings,
}

/// The JSON Schema of the file.
#[must_use]
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Config);
    schema.insert("$id".to_owned(), "urn:ringfence:schema:config".into());
    schema.to_value()
}
