//! Messages of an SQS queue, as long as it takes to deal with each.
//!
//! A message that was received is hidden, not gone: it comes again unless it is deleted, and after too often the queue
//! sets it aside among its dead letters. So nothing is lost when a process dies, and everything may come twice.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{
    DeleteMessageBatchRequestEntry, Message as SqsMessage, MessageSystemAttributeName,
    QueueAttributeName,
};
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_smithy_types::timeout::TimeoutConfig;
use jiff::Timestamp;

use crate::connection::{Access, Connection};
use crate::failure::{Cause, Failure};
use crate::retry::ExpiredTokens;

/// Every action that a receiver needs on its queue, and on the one with its dead letters.
pub const ACTIONS: &[&str] = &[
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
];

/// How long SQS lets a receiver wait, and how many messages it gives at once.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
const AT_ONCE: i32 = 10;

/// What an attempt may take beyond the wait.
const MARGIN: Duration = Duration::from_secs(15);

/// A queue that messages are received from.
#[derive(Clone, Debug)]
pub struct Queue {
    client: Client,
    url: String,
}

/// A message that was received and not yet deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// SQS's id of it, the same whenever it comes.
    pub id: String,
    /// What this receipt of it is deleted by.
    pub receipt: String,
    /// What it says.
    pub body: String,
    /// How often it came, this time included.
    pub received: u32,
    /// When it was sent.
    pub sent: Option<Timestamp>,
}

/// What a queue says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Depth {
    /// About how many messages wait.
    pub waiting: u64,
    /// About how many are being dealt with.
    pub hidden: u64,
    /// Where dead letters go: an ARN, or nothing where the queue sets none aside.
    pub dead_letters: Option<String>,
    /// How often a message comes before it is set aside.
    pub most_receipts: Option<u32>,
}

impl Queue {
    /// A queue by its URL, as whoever runs the program: the queue's policy says who may receive. The Region is the one in
    /// the URL's host name, or else that of `access`.
    pub async fn open(access: &Access, url: &str) -> Self {
        let connection = Connection::open(access).await;
        let connection = match region_of(url) {
            Some(region) => connection.in_region(region),
            None => connection,
        };
        Self::at(&connection, url)
    }

    pub(crate) fn at(connection: &Connection, url: &str) -> Self {
        // An answer may come as late as the wait is long.
        let longest = LONGEST_WAIT + MARGIN;
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(longest)
            .operation_attempt_timeout(longest)
            .build();
        let configuration = aws_sdk_sqs::config::Builder::from(connection.config())
            .timeout_config(timeouts)
            .retry_partition(RetryPartition::new("queue"))
            .retry_classifier(ExpiredTokens);
        Self { client: Client::from_conf(configuration.build()), url: url.to_owned() }
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for messages and gives up to ten, or none when none came. They stay hidden for `hidden`.
    ///
    /// # Errors
    /// When every attempt failed.
    pub async fn receive(&self, wait: Duration, hidden: Duration) -> Result<Vec<Message>, Failure> {
        let asked = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(AT_ONCE)
            .wait_time_seconds(seconds(wait.min(LONGEST_WAIT)))
            .visibility_timeout(seconds(hidden))
            .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp);
        let answer = asked.send().await;
        let answer = answer.map_err(|error| Failure::of("sqs:ReceiveMessage", &error))?;
        Ok(answer.messages.unwrap_or_default().into_iter().filter_map(message).collect())
    }

    /// Deletes messages that were dealt with, and gives the ids of those that SQS did not delete: they come again.
    ///
    /// # Errors
    /// When every attempt failed.
    pub async fn delete(&self, messages: &[Message]) -> Result<Vec<String>, Failure> {
        let action = "sqs:DeleteMessage";
        let mut left = Vec::new();
        for batch in messages.chunks(10) {
            let entries = batch.iter().enumerate().map(|(number, message)| {
                DeleteMessageBatchRequestEntry::builder()
                    .id(number.to_string())
                    .receipt_handle(&message.receipt)
                    .build()
            });
            let entries: Result<Vec<_>, _> = entries.collect();
            let entries =
                entries.map_err(|error| Failure::new(action, Cause::Other, error.to_string()))?;
            let asked = self.client.delete_message_batch().queue_url(&self.url);
            let answer = asked.set_entries(Some(entries)).send().await;
            let answer = answer.map_err(|error| Failure::of(action, &error))?;
            let failed = answer.failed.iter().filter_map(|entry| entry.id.parse::<usize>().ok());
            left.extend(failed.filter_map(|number| Some(batch.get(number)?.id.clone())));
        }
        Ok(left)
    }

    /// Says how long a message stays hidden from now on: longer while it is being dealt with, or not at all, so that it
    /// comes again at once.
    ///
    /// # Errors
    /// When every attempt failed.
    pub async fn hide(&self, message: &Message, hidden: Duration) -> Result<(), Failure> {
        let asked = self
            .client
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(&message.receipt)
            .visibility_timeout(seconds(hidden));
        let answer = asked.send().await;
        answer.map(drop).map_err(|error| Failure::of("sqs:ChangeMessageVisibility", &error))
    }

    /// How much is in the queue, and where its dead letters go.
    ///
    /// # Errors
    /// When every attempt failed.
    pub async fn depth(&self) -> Result<Depth, Failure> {
        let asked = self
            .client
            .get_queue_attributes()
            .queue_url(&self.url)
            .attribute_names(QueueAttributeName::ApproximateNumberOfMessages)
            .attribute_names(QueueAttributeName::ApproximateNumberOfMessagesNotVisible)
            .attribute_names(QueueAttributeName::RedrivePolicy);
        let answer = asked.send().await;
        let answer = answer.map_err(|error| Failure::of("sqs:GetQueueAttributes", &error))?;
        let attributes: BTreeMap<String, String> = answer
            .attributes
            .unwrap_or_default()
            .into_iter()
            .map(|(name, value)| (name.as_str().to_owned(), value))
            .collect();
        let number = |name: &str| attributes.get(name).and_then(|it| it.parse().ok()).unwrap_or(0);
        let redrive = attributes.get("RedrivePolicy").map(String::as_str).unwrap_or("null");
        let redrive: serde_json::Value = serde_json::from_str(redrive).unwrap_or_default();
        let most = redrive.get("maxReceiveCount");
        Ok(Depth {
            waiting: number("ApproximateNumberOfMessages"),
            hidden: number("ApproximateNumberOfMessagesNotVisible"),
            dead_letters: redrive
                .get("deadLetterTargetArn")
                .and_then(|arn| arn.as_str())
                .map(str::to_owned),
            // SQS gives the number as a number or as text.
            most_receipts: most.and_then(|most| match most.as_str() {
                Some(text) => text.parse().ok(),
                None => most.as_u64().and_then(|most| most.try_into().ok()),
            }),
        })
    }

    /// The queue that this one's dead letters go to, received from in the same way; nothing where there is none.
    ///
    /// # Errors
    /// When every attempt failed.
    pub async fn dead_letters(&self) -> Result<Option<Self>, Failure> {
        let Some(arn) = self.depth().await?.dead_letters else { return Ok(None) };
        let mut parts = arn.split(':').skip(4);
        let (account, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let asked =
            self.client.get_queue_url().queue_name(name).queue_owner_aws_account_id(account);
        let answer = asked.send().await;
        let answer = answer.map_err(|error| Failure::of("sqs:GetQueueUrl", &error))?;
        Ok(answer.queue_url.map(|url| Self { client: self.client.clone(), url }))
    }
}

fn message(message: SqsMessage) -> Option<Message> {
    let attributes = message.attributes.unwrap_or_default();
    let number = |name: &MessageSystemAttributeName| attributes.get(name)?.parse::<i64>().ok();
    let sent = number(&MessageSystemAttributeName::SentTimestamp);
    Some(Message {
        id: message.message_id?,
        receipt: message.receipt_handle?,
        body: message.body.unwrap_or_default(),
        received: number(&MessageSystemAttributeName::ApproximateReceiveCount)
            .and_then(|count| count.try_into().ok())
            .unwrap_or(1),
        sent: sent.and_then(|sent| Timestamp::from_millisecond(sent).ok()),
    })
}

fn seconds(duration: Duration) -> i32 {
    i32::try_from(duration.as_secs()).unwrap_or(i32::MAX)
}

/// The Region in `https://sqs.REGION.amazonaws.com/…`, or in the older form `https://REGION.queue.amazonaws.com/…`.
fn region_of(url: &str) -> Option<&str> {
    let host = url.split_once("://")?.1.split('/').next()?;
    let mut labels = host.split('.');
    match (labels.next()?, labels.next()?) {
        ("sqs", region) if host.contains(".amazonaws.com") => Some(region),
        (region, "queue") if host.ends_with(".queue.amazonaws.com") => Some(region),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_of_a_queue_is_in_its_url() {
        for (url, region) in [
            ("https://sqs.eu-west-1.amazonaws.com/123456789012/q", Some("eu-west-1")),
            ("https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q", Some("cn-north-1")),
            ("https://eu-west-1.queue.amazonaws.com/123456789012/q", Some("eu-west-1")),
            ("http://127.0.0.1:5000/123456789012/q", None),
            ("https://sqs.example.org/q", None),
            ("q", None),
        ] {
            assert_eq!(region_of(url), region, "{url}");
        }
    }
}
