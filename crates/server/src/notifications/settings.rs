//! The section `[notifications]` of the configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::SignedDuration;
use ringfence_response::notification::{NotificationKind, Routes, TemplateError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Channel, Means, chat, mail, topic};
use crate::outbound::{Environment, OutboundSettings, SecretSource};
use crate::publishing::AwsSettings;

/// Who is told, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NotificationSettings {
    /// A folder of templates that stand in the place of those that come with the program.
    pub templates: Option<PathBuf>,
    /// The channels.
    pub channel: Vec<ChannelSettings>,
    /// Which channel gets what; without, every channel gets everything.
    pub routes: Routes,
}

/// A channel: its name and one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChannelSettings {
    /// What it is called in routes, commands and metrics.
    pub name: String,
    /// Minutes that notifications are collected for, to be sent as one message; 0 sends each at once.
    pub digest_minutes: u32,
    /// Kinds that are sent at once although there is a digest.
    pub at_once: BTreeSet<NotificationKind>,
    /// Mail by SMTP.
    pub mail: Option<MailSettings>,
    /// An SNS topic.
    pub sns: Option<NotifyTopicSettings>,
    /// An incoming webhook of Slack.
    pub slack: Option<ChatSettings>,
    /// A workflow of Teams that posts adaptive cards.
    pub teams: Option<ChatSettings>,
}

impl Default for ChannelSettings {
    fn default() -> Self {
        Self {
            name: String::new(),
            digest_minutes: 0,
            at_once: BTreeSet::from([
                NotificationKind::Proposal,
                NotificationKind::Escalation,
                NotificationKind::Failure,
            ]),
            mail: None,
            sns: None,
            slack: None,
            teams: None,
        }
    }
}

/// How a connection with a mail server is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// By STARTTLS; a server that does not offer it gets nothing.
    #[default]
    Starttls,
    /// By TLS from the beginning.
    Tls,
    /// Not at all: for a server on this machine.
    None,
}

/// Mail by SMTP. One mail goes to all addresses of a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MailSettings {
    /// The server's name.
    pub server: String,
    /// Its port, where it is not 587, 465 or 25, as `security` has it.
    pub port: Option<u16>,
    /// How the connection is encrypted.
    pub security: MailSecurity,
    /// A file of PEM certificates that are trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Who it comes from, as `Ringfence <ringfence@example.com>`.
    pub from: String,
    /// Who gets it.
    pub to: Vec<String>,
    /// The user to sign in as.
    pub user: Option<String>,
    /// Where the password is.
    pub password: Option<SecretSource>,
    /// Seconds that the server may take for an answer.
    pub timeout_seconds: Option<u64>,
}

/// An SNS topic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NotifyTopicSettings {
    /// Its ARN.
    pub topic_arn: String,
    /// How to reach it.
    pub aws: AwsSettings,
}

/// A chat's webhook. Its URL is a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChatSettings {
    /// Where the URL is.
    pub url: SecretSource,
    /// Limits.
    pub limits: OutboundSettings,
}

/// A setting or a template that cannot be used, or a channel that does not work.
#[derive(Debug, thiserror::Error)]
pub enum NotificationsError {
    /// Of one channel.
    #[error("the channel `{channel}`: {reason}")]
    Channel {
        /// Which channel.
        channel: String,
        /// What is wrong.
        reason: String,
    },
    /// A route names a channel that there is not.
    #[error("a route names the channel `{0}`, which there is not")]
    Route(String),
    /// The templates cannot be read.
    #[error("the templates in `{path}` cannot be read")]
    Templates {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A template cannot be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl NotificationSettings {
    /// The channels by name.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub(super) fn channels(
        &self,
        environment: Environment<'_>,
    ) -> Result<BTreeMap<String, Channel>, NotificationsError> {
        let mut channels = BTreeMap::new();
        for own in &self.channel {
            let wrong =
                |reason: String| NotificationsError::Channel { channel: own.name.clone(), reason };
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            if own.name.is_empty() || own.name.len() > 64 || !own.name.bytes().all(is_name) {
                return Err(wrong(
                    "a name has from 1 to 64 letters, digits, `-`, `_`, `.`".to_owned(),
                ));
            }
            let channel = Channel {
                means: own.means(environment).map_err(wrong)?,
                digest: (own.digest_minutes > 0)
                    .then(|| SignedDuration::from_mins(i64::from(own.digest_minutes))),
                at_once: own.at_once.clone(),
            };
            if channels.insert(own.name.clone(), channel).is_some() {
                return Err(wrong("another channel has this name".to_owned()));
            }
        }
        Ok(channels)
    }
}

impl ChannelSettings {
    fn means(&self, environment: Environment<'_>) -> Result<Means, String> {
        let mut all = Vec::new();
        if let Some(own) = &self.mail {
            all.push(Means::Mail(Box::new(mail::Mail::new(own, environment)?)));
        }
        if let Some(own) = &self.sns {
            all.push(Means::Topic(topic::Topic::new(own)?));
        }
        if let Some(own) = &self.slack {
            all.push(Means::Chat(chat::Chat::new(chat::Shape::Slack, own, environment)?));
        }
        if let Some(own) = &self.teams {
            all.push(Means::Chat(chat::Chat::new(chat::Shape::Teams, own, environment)?));
        }
        match (all.pop(), all.is_empty()) {
            (Some(means), true) => Ok(means),
            _ => Err("it has to have one of `mail`, `sns`, `slack` and `teams`".to_owned()),
        }
    }
}
