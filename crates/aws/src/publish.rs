//! Telling others: events to EventBridge, messages to queues and topics. It reads no account and changes none.

use std::collections::BTreeMap;

use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use aws_sdk_sns::types::PublishBatchRequestEntry;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use aws_smithy_types::DateTime;
use aws_smithy_types::error::operation::BuildError;

use crate::connection::{Access, Connection};
use crate::failure::{Cause, Failure};

/// EventBridge, SQS and SNS of one account and Region.
#[derive(Clone, Debug)]
pub struct Publisher {
    eventbridge: aws_sdk_eventbridge::Client,
    sqs: aws_sdk_sqs::Client,
    sns: aws_sdk_sns::Client,
}

/// A role to publish as.
#[derive(Clone, Debug)]
pub struct PublishingRole {
    /// Its ARN.
    pub arn: String,
    /// What its trust policy may ask for.
    pub external_id: Option<String>,
}

/// An entry of PutEvents.
#[derive(Clone, Debug)]
pub struct EventEntry {
    /// Who it comes from; `aws.*` is AWS's own.
    pub source: String,
    /// What kind of event it is.
    pub detail_type: String,
    /// The event itself, JSON.
    pub detail: String,
    /// What it is about, ARNs.
    pub resources: Vec<String>,
    /// When it happened, in seconds since 1970.
    pub time: i64,
}

/// An entry of SendMessageBatch or PublishBatch.
#[derive(Clone, Debug)]
pub struct MessageEntry {
    /// The message.
    pub body: String,
    /// What FIFO queues and topics keep in order, and what makes a repetition one; nothing for others.
    pub fifo: Option<Fifo>,
}

/// What FIFO queues and topics want to know.
#[derive(Clone, Debug)]
pub struct Fifo {
    /// Messages of a group stay in order.
    pub group: String,
    /// A message with the same one, within five minutes, is dropped.
    pub deduplication: String,
}

/// Whose fault it is that an entry was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The entry's: it will not be taken later either.
    Entry,
    /// The service's: it may be taken later.
    Service,
}

/// An entry that was not taken although others of its batch may have been.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct EntryFailure {
    /// The service's code.
    pub code: String,
    /// What the service said.
    pub detail: String,
    /// Whose fault it is.
    pub fault: Fault,
}

/// What became of each entry, in their order.
pub type EntryOutcomes = Vec<Result<(), EntryFailure>>;

/// A subscription whose confirmation is still waited for: it gets nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingSubscription {
    /// As `email`.
    pub protocol: String,
    /// Whom the topic would tell.
    pub endpoint: String,
}

impl Publisher {
    /// Opens the services as whoever runs the program, or as a role that they may assume.
    ///
    /// # Errors
    /// When the role cannot be assumed.
    pub async fn open(access: &Access, role: Option<&PublishingRole>) -> Result<Self, Failure> {
        let connection = Connection::open(access).await;
        let connection = match role {
            Some(role) => connection.assuming(&role.arn, role.external_id.as_deref()).await?,
            None => connection,
        };
        let config = connection.config();
        Ok(Self {
            eventbridge: aws_sdk_eventbridge::Client::new(config),
            sqs: aws_sdk_sqs::Client::new(config),
            sns: aws_sdk_sns::Client::new(config),
        })
    }

    /// Puts at most ten events on a bus.
    ///
    /// # Errors
    /// When none was taken.
    pub async fn put_events(
        &self,
        bus: &str,
        entries: &[EventEntry],
    ) -> Result<EntryOutcomes, Failure> {
        let action = "events:PutEvents";
        let entry = |own: &EventEntry| {
            PutEventsRequestEntry::builder()
                .event_bus_name(bus)
                .source(&own.source)
                .detail_type(&own.detail_type)
                .detail(&own.detail)
                .set_resources(Some(own.resources.clone()))
                .time(DateTime::from_secs(own.time))
                .build()
        };
        let call = self.eventbridge.put_events();
        let call = call.set_entries(Some(entries.iter().map(entry).collect()));
        let answer = call.send().await.map_err(|error| Failure::of(action, &error))?;
        let mut outcomes: EntryOutcomes = answer
            .entries()
            .iter()
            .map(|entry| match entry.error_code() {
                None => Ok(()),
                Some(code) => Err(EntryFailure {
                    code: code.to_owned(),
                    detail: entry.error_message().unwrap_or_default().to_owned(),
                    fault: fault(code),
                }),
            })
            .collect();
        outcomes.resize_with(entries.len(), || Err(silent()));
        Ok(outcomes)
    }

    /// Sends at most ten messages to a queue.
    ///
    /// # Errors
    /// When none was taken.
    pub async fn send_messages(
        &self,
        queue_url: &str,
        entries: &[MessageEntry],
    ) -> Result<EntryOutcomes, Failure> {
        let action = "sqs:SendMessage";
        let mut all = Vec::new();
        for (number, own) in entries.iter().enumerate() {
            let entry = SendMessageBatchRequestEntry::builder()
                .id(number.to_string())
                .message_body(&own.body)
                .set_message_group_id(own.fifo.as_ref().map(|fifo| fifo.group.clone()))
                .set_message_deduplication_id(
                    own.fifo.as_ref().map(|fifo| fifo.deduplication.clone()),
                );
            all.push(entry.build().map_err(|error| incomplete(action, &error))?);
        }
        let call = self.sqs.send_message_batch().queue_url(queue_url).set_entries(Some(all));
        let answer = call.send().await.map_err(|error| Failure::of(action, &error))?;
        let taken = answer.successful().iter().map(|own| (own.id(), Ok(())));
        let failed = answer.failed().iter().map(|own| {
            let fault = if own.sender_fault() { Fault::Entry } else { Fault::Service };
            let detail = own.message().unwrap_or_default().to_owned();
            (own.id(), Err(EntryFailure { code: own.code().to_owned(), detail, fault }))
        });
        Ok(in_order(entries.len(), taken.chain(failed)))
    }

    /// Publishes at most ten messages to a topic.
    ///
    /// # Errors
    /// When none was taken.
    pub async fn publish_messages(
        &self,
        topic_arn: &str,
        entries: &[MessageEntry],
    ) -> Result<EntryOutcomes, Failure> {
        let action = "sns:Publish";
        let mut all = Vec::new();
        for (number, own) in entries.iter().enumerate() {
            let entry = PublishBatchRequestEntry::builder()
                .id(number.to_string())
                .message(&own.body)
                .set_message_group_id(own.fifo.as_ref().map(|fifo| fifo.group.clone()))
                .set_message_deduplication_id(
                    own.fifo.as_ref().map(|fifo| fifo.deduplication.clone()),
                );
            all.push(entry.build().map_err(|error| incomplete(action, &error))?);
        }
        let call = self.sns.publish_batch().topic_arn(topic_arn);
        let call = call.set_publish_batch_request_entries(Some(all));
        let answer = call.send().await.map_err(|error| Failure::of(action, &error))?;
        let taken = answer.successful().iter().filter_map(|own| Some((own.id()?, Ok(()))));
        let failed = answer.failed().iter().map(|own| {
            let fault = if own.sender_fault() { Fault::Entry } else { Fault::Service };
            let detail = own.message().unwrap_or_default().to_owned();
            (own.id(), Err(EntryFailure { code: own.code().to_owned(), detail, fault }))
        });
        Ok(in_order(entries.len(), taken.chain(failed)))
    }

    /// Publishes a text to a topic. SNS takes subjects of at most 100 printable ASCII characters.
    ///
    /// # Errors
    /// When it was not taken.
    pub async fn publish_text(
        &self,
        topic_arn: &str,
        subject: &str,
        text: &str,
    ) -> Result<(), Failure> {
        let call = self.sns.publish().topic_arn(topic_arn).subject(subject).message(text);
        call.send().await.map(|_| ()).map_err(|error| Failure::of("sns:Publish", &error))
    }

    /// The topic's subscriptions that wait for their confirmation; of the first thousand.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub async fn waiting_subscriptions(
        &self,
        topic_arn: &str,
    ) -> Result<Vec<WaitingSubscription>, Failure> {
        let (mut waiting, mut token) = (Vec::new(), None);
        for _ in 0..10 {
            let call = self.sns.list_subscriptions_by_topic().topic_arn(topic_arn);
            let page = call.set_next_token(token).send().await;
            let page = page.map_err(|error| Failure::of("sns:ListSubscriptionsByTopic", &error))?;
            let own = page.subscriptions().iter();
            let own = own.filter(|own| {
                // Not an ARN but this word, or, as its opposite, `Deleted`.
                own.subscription_arn()
                    .is_some_and(|arn| arn.eq_ignore_ascii_case("PendingConfirmation"))
            });
            waiting.extend(own.map(|own| WaitingSubscription {
                protocol: own.protocol().unwrap_or_default().to_owned(),
                endpoint: own.endpoint().unwrap_or_default().to_owned(),
            }));
            token = page.next_token().map(str::to_owned);
            if token.is_none() {
                break;
            }
        }
        Ok(waiting)
    }
}

/// EventBridge says of an entry only a code.
/// <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html>
fn fault(code: &str) -> Fault {
    match code {
        "ThrottlingException" | "InternalFailure" | "InternalException" | "ServiceUnavailable" => {
            Fault::Service
        }
        _ => Fault::Entry,
    }
}

fn in_order<'a>(
    number: usize,
    answers: impl Iterator<Item = (&'a str, Result<(), EntryFailure>)>,
) -> EntryOutcomes {
    let mut by_id: BTreeMap<usize, Result<(), EntryFailure>> =
        answers.filter_map(|(id, own)| Some((id.parse().ok()?, own))).collect();
    (0..number).map(|id| by_id.remove(&id).unwrap_or_else(|| Err(silent()))).collect()
}

/// Of an entry that the answer says nothing about.
fn silent() -> EntryFailure {
    EntryFailure {
        code: "NoAnswer".to_owned(),
        detail: "the answer does not say what became of the entry".to_owned(),
        fault: Fault::Service,
    }
}

fn incomplete(action: &str, error: &BuildError) -> Failure {
    Failure::new(action, Cause::Other, error.to_string())
}
