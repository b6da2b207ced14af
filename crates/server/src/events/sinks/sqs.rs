//! An SQS queue. Its messages are AWS's envelope, as a rule of EventBridge would put it into the queue.

use ringfence_aws::Failure;
use ringfence_aws::publish::{EntryOutcomes, MessageEntry, Publisher};

use super::Outcome;
use super::aws_batch::{self, Destination};
use crate::events::envelope::Outgoing;
use crate::events::settings::QueueSettings;
use crate::publishing::Publishing;

/// A queue.
#[derive(Debug)]
pub(crate) struct Queue {
    url: String,
    publishing: Publishing,
}

impl Queue {
    pub(super) fn new(settings: &QueueSettings) -> Result<Self, String> {
        if !settings.queue_url.starts_with("http") {
            return Err(format!("`{}` is no URL of a queue", settings.queue_url));
        }
        let publishing = Publishing::new(settings.aws.clone());
        Ok(Self { url: settings.queue_url.clone(), publishing })
    }

    pub(super) async fn deliver(&self, events: &[Outgoing]) -> Vec<Outcome> {
        let publisher = match self.publishing.publisher().await {
            Ok(publisher) => publisher,
            Err(failure) => {
                return events.iter().map(|_| aws_batch::of_failure(&failure)).collect();
            }
        };
        let entries: Vec<MessageEntry> =
            events.iter().map(|own| aws_batch::message(own, &self.url)).collect();
        aws_batch::deliver(&OpenQueue { publisher, url: &self.url }, &entries).await
    }
}

/// A queue that can be sent to.
struct OpenQueue<'a> {
    publisher: &'a Publisher,
    url: &'a str,
}

impl Destination for OpenQueue<'_> {
    type Entry = MessageEntry;

    fn size(entry: &MessageEntry) -> usize {
        entry.body.len()
    }

    async fn send(&self, entries: &[MessageEntry]) -> Result<EntryOutcomes, Failure> {
        self.publisher.send_messages(self.url, entries).await
    }
}
