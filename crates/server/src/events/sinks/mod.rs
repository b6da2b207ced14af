//! The kinds of sinks, one file each.

mod aws_batch;
mod eventbridge;
mod file;
mod sns;
mod sqs;
mod webhook;

use jiff::Timestamp;

use super::envelope::Outgoing;
use super::settings::{EventsError, SinkSettings};
use crate::outbound::Environment;

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The sink has it.
    Delivered,
    /// The sink could not be reached, was too busy, or does not let us in: nothing is wrong with the event.
    Unavailable(String),
    /// The sink says that the event is wrong.
    Refused(String),
}

/// Somewhere that events go.
#[derive(Debug)]
pub(super) enum Sink {
    EventBridge(eventbridge::EventBridge),
    Queue(sqs::Queue),
    Topic(sns::Topic),
    Webhook(Box<webhook::Webhook>),
    File(file::File),
}

impl Sink {
    /// The sink that the settings describe.
    ///
    /// # Errors
    /// When it is none or several, or a setting of it cannot be used.
    pub(super) fn open(
        settings: &SinkSettings,
        environment: Environment<'_>,
    ) -> Result<Self, EventsError> {
        let wrong = |reason: String| EventsError::Sink { sink: settings.name.clone(), reason };
        let SinkSettings { name: _, eventbridge, sqs, sns, webhook, file } = settings;
        let mut kinds = Vec::new();
        if let Some(own) = eventbridge {
            kinds.push(Self::EventBridge(eventbridge::EventBridge::new(own).map_err(wrong)?));
        }
        if let Some(own) = sqs {
            kinds.push(Self::Queue(sqs::Queue::new(own).map_err(wrong)?));
        }
        if let Some(own) = sns {
            kinds.push(Self::Topic(sns::Topic::new(own).map_err(wrong)?));
        }
        if let Some(own) = webhook {
            let own = webhook::Webhook::new(own, environment).map_err(wrong)?;
            kinds.push(Self::Webhook(Box::new(own)));
        }
        if let Some(own) = file {
            kinds.push(Self::File(file::File::new(own).map_err(wrong)?));
        }
        match (kinds.pop(), kinds.is_empty()) {
            (Some(kind), true) => Ok(kind),
            _ => Err(wrong(
                "it has to have one of `eventbridge`, `sqs`, `sns`, `webhook` and `file`"
                    .to_owned(),
            )),
        }
    }

    /// What kind it is, for the log.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::EventBridge(_) => "eventbridge",
            Self::Queue(_) => "sqs",
            Self::Topic(_) => "sns",
            Self::Webhook(_) => "webhook",
            Self::File(_) => "file",
        }
    }

    /// Gives it events of different findings, and says what became of each, in their order.
    pub(super) async fn deliver(&self, events: &[Outgoing], now: Timestamp) -> Vec<Outcome> {
        match self {
            Self::EventBridge(own) => own.deliver(events).await,
            Self::Queue(own) => own.deliver(events).await,
            Self::Topic(own) => own.deliver(events).await,
            Self::Webhook(own) => own.deliver(events, now).await,
            Self::File(own) => own.deliver(events).await,
        }
    }
}
