//! What comes in: our own events out of the outbox, and AWS's out of a queue. Both become hints, which are kept before
//! the event is acknowledged, so that nothing is lost between the two.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ring::digest::{SHA256, digest};
use ringfence_aws::queue::Queue;
use ringfence_response::workflow::hint::{Hint, News, Reading, aws_message, own_event};
use ringfence_response::workflow::resolution::FindingKeeper;
use ringfence_store::{Store, StoreError};

/// The name under which the outbox keeps events for this.
pub const SINK: &str = "response";
/// How many events are taken at once.
const BATCH: usize = 1000;
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How long a message of the queue is hidden while it is kept.
const HIDDEN: Duration = Duration::from_secs(60);
const WAIT: Duration = Duration::from_secs(20);
/// How long is waited after the queue refused.
const PAUSE: Duration = Duration::from_secs(5);

/// Keeps hints of our own events; gives how many events there were.
///
/// # Errors
/// Where the store does not answer; the events come again.
pub(crate) async fn take_own(store: &Store) -> Result<usize, StoreError> {
    let now = Timestamp::now();
    let deliveries = store.take_deliveries(SINK, now, LEASE, BATCH).await?;
    if deliveries.is_empty() {
        return Ok(0);
    }
    let mut hints = Vec::new();
    for delivery in &deliveries {
        match own_event(&delivery.event) {
            Ok(reading) => keep(store, reading, &mut hints).await?,
            Err(problem) => {
                let message = serde_json::to_string(&delivery.event).unwrap_or_default();
                store.put_poison(&name(&message), &message, &problem.to_string(), now).await?;
            }
        }
    }
    store.put_hints(&hints, now).await?;
    let positions: Vec<i64> = deliveries.iter().map(|own| own.position).collect();
    store.delivered(SINK, &positions).await?;
    Ok(deliveries.len())
}

/// Keeps hints of AWS's events for as long as the service runs.
pub(crate) async fn keep_queue(store: Store, queue: Queue) {
    loop {
        let messages = match queue.receive(WAIT, HIDDEN).await {
            Ok(messages) => messages,
            Err(failure) => {
                tracing::error!(%failure, queue = queue.url(), "the queue cannot be read");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let bodies: Vec<&str> = messages.iter().map(|own| own.body.as_str()).collect();
        if let Err(error) = take_messages(&store, &bodies).await {
            tracing::error!(%error, "messages could not be kept; they come again");
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        if let Err(failure) = queue.delete(&messages).await {
            tracing::warn!(%failure, "messages that were kept come again");
        }
    }
}

/// Keeps hints of messages; those that cannot be read are set aside.
///
/// # Errors
/// Where the store does not answer; the messages come again.
pub(crate) async fn take_messages(store: &Store, bodies: &[&str]) -> Result<(), StoreError> {
    let now = Timestamp::now();
    let mut hints = Vec::new();
    for body in bodies {
        match aws_message(body) {
            Ok(reading) => {
                let reading = kept_here(store, reading).await?;
                keep(store, reading, &mut hints).await?;
            }
            Err(problem) => {
                store.put_poison(&name(body), body, &problem.to_string(), now).await?;
            }
        }
    }
    if hints.is_empty() { Ok(()) } else { store.put_hints(&hints, now).await }
}

/// Events of our own that a rule brings back name an analyzer of ours: such a finding is kept here.
async fn kept_here(store: &Store, reading: Reading) -> Result<Reading, StoreError> {
    let Reading::Hint(hint) = reading else { return Ok(reading) };
    let analyzer = hint.keeper.analyzer();
    let keeper = match store.analyzer(analyzer).await {
        Ok(_) => FindingKeeper::Ringfence { analyzer: analyzer.to_owned() },
        Err(StoreError::NotFound(_)) => hint.keeper.clone(),
        Err(error) => return Err(error),
    };
    Ok(Reading::Hint(Hint { keeper, ..hint }))
}

/// News that a finding is resolved is for resolutions that wait for it; the rest is for the rules.
async fn keep(store: &Store, reading: Reading, hints: &mut Vec<Hint>) -> Result<(), StoreError> {
    match reading {
        Reading::Left { .. } => Ok(()),
        Reading::Hint(hint) if hint.news == News::Resolved => {
            store.wake_resolutions(&hint.finding_id, Timestamp::now()).await
        }
        Reading::Hint(hint) => {
            hints.push(hint);
            Ok(())
        }
    }
}

/// What stands for a message that cannot be read: the same one is kept once.
fn name(message: &str) -> String {
    let bytes = digest(&SHA256, message.as_bytes());
    let text: String = bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("message {text}")
}
