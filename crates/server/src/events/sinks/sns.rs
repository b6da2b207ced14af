//! An SNS topic. Its messages are AWS's envelope, as a rule of EventBridge would publish it.

use ringfence_aws::Failure;
use ringfence_aws::publish::{EntryOutcomes, MessageEntry, Publisher};

use super::Outcome;
use super::aws_batch::{self, Destination};
use crate::events::envelope::Outgoing;
use crate::events::settings::TopicSettings;
use crate::publishing::Publishing;

/// A topic.
#[derive(Debug)]
pub(crate) struct Topic {
    arn: String,
    publishing: Publishing,
}

impl Topic {
    pub(super) fn new(settings: &TopicSettings) -> Result<Self, String> {
        if !settings.topic_arn.starts_with("arn:") {
            return Err(format!("`{}` is no ARN of a topic", settings.topic_arn));
        }
        let publishing = Publishing::new(settings.aws.clone());
        Ok(Self { arn: settings.topic_arn.clone(), publishing })
    }

    pub(super) async fn deliver(&self, events: &[Outgoing]) -> Vec<Outcome> {
        let publisher = match self.publishing.publisher().await {
            Ok(publisher) => publisher,
            Err(failure) => {
                return events.iter().map(|_| aws_batch::of_failure(&failure)).collect();
            }
        };
        let entries: Vec<MessageEntry> =
            events.iter().map(|own| aws_batch::message(own, &self.arn)).collect();
        aws_batch::deliver(&OpenTopic { publisher, arn: &self.arn }, &entries).await
    }
}

/// A topic that can be sent to.
struct OpenTopic<'a> {
    publisher: &'a Publisher,
    arn: &'a str,
}

impl Destination for OpenTopic<'_> {
    type Entry = MessageEntry;

    fn size(entry: &MessageEntry) -> usize {
        entry.body.len()
    }

    async fn send(&self, entries: &[MessageEntry]) -> Result<EntryOutcomes, Failure> {
        self.publisher.publish_messages(self.arn, entries).await
    }
}
