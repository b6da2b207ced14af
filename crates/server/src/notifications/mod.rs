//! People told: notifications from the store's queue to mails, topics and chats.
//!
//! ```text
//! store's queue ──router──▶ a queue for each channel ──▶ rendered, alone or as a digest ──▶ SMTP, SNS, Slack, Teams
//! ```
//!
//! At least once. What is told and how it reads is decided in `ringfence_response::notification`.

mod chat;
mod dispatcher;
mod mail;
mod of_finding;
mod settings;
mod topic;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use ringfence_response::notification::{
    Notification, NotificationKind, Rendered, Routes, TemplateError, Templates, render, sample,
};
use ringfence_store::notifications::ChannelDue;
use ringfence_store::{Store, StoreError};

use crate::outbound::Environment;
use crate::service::Service;
pub use of_finding::of_finding;
pub use settings::{
    ChannelSettings, ChatSettings, MailSecurity, MailSettings, NotificationSettings,
    NotificationsError, NotifyTopicSettings,
};

/// Queues a notification; it is sent by a service that runs, now or later. Queueing it again changes nothing.
///
/// # Errors
/// When the store cannot be written.
pub async fn notify(store: &Store, notification: &Notification) -> Result<(), StoreError> {
    store.queue_notification(notification).await.map(|_| ())
}

/// The channels as they are configured, ready to be started.
pub struct Notifications {
    channels: BTreeMap<String, Arc<Channel>>,
    routes: Routes,
    templates: Arc<Templates>,
}

/// A channel, and when it sends.
#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) means: Means,
    /// Nothing: at once.
    digest: Option<SignedDuration>,
    at_once: BTreeSet<NotificationKind>,
}

/// How a channel sends.
#[derive(Debug)]
pub(crate) enum Means {
    Mail(Box<mail::Mail>),
    Topic(topic::Topic),
    Chat(chat::Chat),
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// It was taken.
    Taken,
    /// Nothing is wrong with it; it may be taken later.
    Unavailable(String),
    /// It will not be taken.
    Refused(String),
}

impl Notifications {
    /// Makes the channels that the settings describe, and tries the templates. Nothing is connected to.
    ///
    /// # Errors
    /// When a setting or a template cannot be used.
    pub fn open(
        settings: &NotificationSettings,
        environment: Environment<'_>,
    ) -> Result<Self, NotificationsError> {
        let templates = match &settings.templates {
            Some(folder) => read_templates(folder)?,
            None => BTreeMap::new(),
        };
        let templates = Templates::new(templates)?;
        for kind in NotificationKind::ALL {
            render(&templates, &sample(kind, Timestamp::UNIX_EPOCH))?;
        }
        let channels: BTreeMap<String, Arc<Channel>> = settings
            .channels(environment)?
            .into_iter()
            .map(|(name, own)| (name, Arc::new(own)))
            .collect();
        for name in settings.routes.named() {
            if !channels.contains_key(name) {
                return Err(NotificationsError::Route(name.to_owned()));
            }
        }
        Ok(Self { channels, routes: settings.routes.clone(), templates: Arc::new(templates) })
    }

    /// Starts to send what is queued.
    pub fn start(self, service: &Arc<Service>) {
        let Self { channels, routes, templates } = self;
        for (name, channel) in &channels {
            tracing::info!(channel = name, kind = channel.means.kind(), "notifications are sent");
            let sender = dispatcher::Sender {
                service: Arc::clone(service),
                name: name.clone(),
                channel: Arc::clone(channel),
                templates: Arc::clone(&templates),
            };
            service.keep(sender.run());
        }
        service.keep(dispatcher::route(Arc::clone(service), channels, routes));
    }

    /// Sends a sample to a channel, now, and gives what has to be known besides.
    ///
    /// # Errors
    /// When there is no such channel, or it did not take it.
    pub async fn test(
        &self,
        channel: &str,
        kind: NotificationKind,
    ) -> Result<Vec<String>, NotificationsError> {
        let wrong =
            |reason: String| NotificationsError::Channel { channel: channel.to_owned(), reason };
        let own = self.channels.get(channel).ok_or_else(|| {
            let names: Vec<&str> = self.channels.keys().map(String::as_str).collect();
            wrong(format!("there is none of this name; there are: {}", names.join(", ")))
        })?;
        let now = Timestamp::now();
        let mut rendered = self.render(&sample(kind, now))?;
        rendered.subject = format!("Test: {}", rendered.subject);
        match own.means.send(&rendered, &format!("test/{now}")).await {
            Sent::Taken => Ok(own.means.remarks().await),
            Sent::Unavailable(reason) | Sent::Refused(reason) => Err(wrong(reason)),
        }
    }

    /// The texts of a notification.
    ///
    /// # Errors
    /// When a template asks for something that is not there.
    pub fn render(&self, notification: &Notification) -> Result<Rendered, TemplateError> {
        render(&self.templates, notification)
    }
}

impl Channel {
    /// Whether the notification is sent by itself.
    fn is_alone(&self, kind: NotificationKind) -> bool {
        self.digest.is_none() || self.at_once.contains(&kind)
    }

    /// When it is sent: a digest at the end of its window, which begins at the same times for everybody.
    fn due(&self, kind: NotificationKind, now: Timestamp) -> Timestamp {
        let Some(window) = self.digest.filter(|_| !self.is_alone(kind)) else { return now };
        let seconds = window.as_secs().max(1);
        let past = now.as_second().rem_euclid(seconds);
        let end = now.as_second().saturating_sub(past).saturating_add(seconds);
        Timestamp::from_second(end).unwrap_or(now)
    }
}

impl Means {
    fn kind(&self) -> &'static str {
        match self {
            Self::Mail(_) => "mail",
            Self::Topic(_) => "sns",
            Self::Chat(own) => own.kind(),
        }
    }

    /// Sends a message. `id` stays the same when it is sent again.
    async fn send(&self, rendered: &Rendered, id: &str) -> Sent {
        match self {
            Self::Mail(own) => own.send(rendered, id).await,
            Self::Topic(own) => own.send(rendered).await,
            Self::Chat(own) => own.send(rendered).await,
        }
    }

    /// What has to be known of a channel although it takes messages.
    async fn remarks(&self) -> Vec<String> {
        match self {
            Self::Mail(_) | Self::Chat(_) => Vec::new(),
            Self::Topic(own) => own.remarks().await,
        }
    }
}

/// The channels of a notification, and from when on.
fn routed(
    notification: &Notification,
    channels: &BTreeMap<String, Arc<Channel>>,
    routes: &Routes,
    now: Timestamp,
) -> Vec<ChannelDue> {
    let all: BTreeSet<&str> = channels.keys().map(String::as_str).collect();
    let chosen = routes.channels(notification, &all);
    chosen
        .into_iter()
        .filter_map(|name| {
            let due = channels.get(name)?.due(notification.kind, now);
            Some(ChannelDue { channel: name.to_owned(), due })
        })
        .collect()
}

/// The templates in a folder; files with other endings are not looked at.
fn read_templates(folder: &Path) -> Result<BTreeMap<String, String>, NotificationsError> {
    let failed =
        |path: &Path, source| NotificationsError::Templates { path: path.to_owned(), source };
    let mut templates = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(|error| failed(folder, error))? {
        let path = entry.map_err(|error| failed(folder, error))?.path();
        let ending = path.extension().and_then(|own| own.to_str());
        let Some(name) = path.file_name().and_then(|own| own.to_str()) else { continue };
        if !matches!(ending, Some("txt" | "html")) {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
        templates.insert(name.to_owned(), text);
    }
    Ok(templates)
}
