//! The section `[events]` of the configuration.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::SignedDuration;
use ringfence_store::outbox::RetryPolicy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::outbound::{OpenError, OutboundSettings, SecretSource, Url};
use crate::publishing::AwsSettings;

/// Who is told, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EventsSettings {
    /// The sinks.
    pub sink: Vec<SinkSettings>,
    /// How many events are taken from the store at once.
    pub batch: usize,
    /// Seconds for which events that were taken are a dispatcher's own. A service that was killed has them taken again
    /// by the next one after as many seconds.
    pub lease_seconds: u32,
    /// The longest wait between two attempts, in seconds.
    pub longest_wait_seconds: u32,
    /// After how many failed attempts an event is given up that its sink could not be given.
    pub attempts: u32,
    /// After how many failed attempts an event is given up that its sink says is wrong.
    pub refused_attempts: u32,
}

impl Default for EventsSettings {
    fn default() -> Self {
        Self {
            sink: Vec::new(),
            batch: 100,
            lease_seconds: 60,
            longest_wait_seconds: 300,
            attempts: 500,
            refused_attempts: 5,
        }
    }
}

/// A sink: its name and one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SinkSettings {
    /// What it is called in commands, metrics and the store. A sink with a new name starts with new events.
    pub name: String,
    /// An EventBridge bus.
    pub eventbridge: Option<EventBridgeSettings>,
    /// An SQS queue.
    pub sqs: Option<QueueSettings>,
    /// An SNS topic.
    pub sns: Option<TopicSettings>,
    /// A webhook.
    pub webhook: Option<WebhookSettings>,
    /// A file of JSON lines.
    pub file: Option<FileSettings>,
}

/// An EventBridge bus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EventBridgeSettings {
    /// Its name or ARN.
    pub event_bus: String,
    /// The `source` of events; EventBridge refuses `aws.*` from customers.
    pub source: String,
    /// How to reach it.
    pub aws: AwsSettings,
}

impl Default for EventBridgeSettings {
    fn default() -> Self {
        Self {
            event_bus: "default".to_owned(),
            source: "ringfence.access-analyzer".to_owned(),
            aws: AwsSettings::default(),
        }
    }
}

/// An SQS queue. Of a FIFO queue each finding is a message group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QueueSettings {
    /// Its URL.
    pub queue_url: String,
    /// How to reach it.
    pub aws: AwsSettings,
}

/// An SNS topic. Of a FIFO topic each finding is a message group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TopicSettings {
    /// Its ARN.
    pub topic_arn: String,
    /// How to reach it.
    pub aws: AwsSettings,
}

/// A webhook: each event is one POST, signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WebhookSettings {
    /// Where to. Either this or `url_from`.
    pub url: Option<String>,
    /// Where the URL is, where it is a secret itself.
    pub url_from: Option<SecretSource>,
    /// Where the secret is that requests are signed with.
    pub secret: SecretSource,
    /// Limits.
    pub limits: OutboundSettings,
}

/// A file of JSON lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FileSettings {
    /// Where it is; it is made where it is not there, also after it was moved away.
    pub path: PathBuf,
}

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EventsError {
    /// Of all sinks.
    #[error("the setting `events.{name}` cannot be used: {reason}")]
    General {
        /// Which setting.
        name: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// Of one sink.
    #[error("the sink `{sink}` cannot be used: {reason}")]
    Sink {
        /// Which sink.
        sink: String,
        /// What is wrong.
        reason: String,
    },
}

/// Names that sinks of the configuration cannot have: sinks inside of this program.
const RESERVED: &[&str] = &["response"];

impl EventsSettings {
    /// Looks for what no sink can run with.
    ///
    /// # Errors
    /// What is wrong.
    pub(super) fn check(&self) -> Result<(), EventsError> {
        let general =
            |name, reason: &str| Err(EventsError::General { name, reason: reason.to_owned() });
        if self.batch == 0 || self.batch > 1_000 {
            return general("batch", "it has to be from 1 to 1000");
        }
        if self.lease_seconds < 2 {
            return general("lease_seconds", "it has to be 2 at least");
        }
        if self.attempts == 0 || self.refused_attempts == 0 {
            return general("attempts", "there has to be one");
        }
        let mut names = BTreeSet::new();
        for own in &self.sink {
            let wrong = |reason: &str| {
                Err(EventsError::Sink { sink: own.name.clone(), reason: reason.to_owned() })
            };
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            if own.name.is_empty() || own.name.len() > 64 || !own.name.bytes().all(is_name) {
                return wrong("a name has from 1 to 64 letters, digits, `-`, `_` and `.`");
            }
            if RESERVED.contains(&own.name.as_str()) {
                return wrong("the name is reserved");
            }
            if !names.insert(&own.name) {
                return wrong("another sink has this name");
            }
        }
        Ok(())
    }

    /// Of events that a sink could not be given: it is down, too busy, or refuses whoever asks.
    pub(super) fn unavailable(&self) -> RetryPolicy {
        RetryPolicy { attempts: self.attempts, ..self.policy() }
    }

    /// Of events that a sink says are wrong.
    pub(super) fn refused(&self) -> RetryPolicy {
        RetryPolicy { attempts: self.refused_attempts, ..self.policy() }
    }

    fn policy(&self) -> RetryPolicy {
        RetryPolicy {
            first_wait: SignedDuration::from_secs(1),
            longest_wait: SignedDuration::from_secs(i64::from(self.longest_wait_seconds.max(1))),
            attempts: self.attempts,
        }
    }
}

impl WebhookSettings {
    /// The URL, wherever it is.
    ///
    /// # Errors
    /// What is wrong, without the URL.
    pub(super) fn target(
        &self,
        environment: crate::outbound::Environment<'_>,
    ) -> Result<Url, String> {
        let text = match (&self.url, &self.url_from) {
            (Some(url), None) => url.clone(),
            (None, Some(source)) => source.read(environment)?.reveal().to_owned(),
            (None, None) | (Some(_), Some(_)) => {
                return Err("either `url` or `url_from` has to be there".to_owned());
            }
        };
        Url::parse(&text).map_err(|reason| format!("the URL cannot be used: {reason}"))
    }
}

impl From<OpenError> for String {
    fn from(error: OpenError) -> Self {
        error.to_string()
    }
}
