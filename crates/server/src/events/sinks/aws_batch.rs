//! Batches as EventBridge, SQS and SNS take them: ten entries and a number of bytes.

use ringfence_aws::publish::{EntryOutcomes, Fault, Fifo, MessageEntry};
use ringfence_aws::{Cause, Failure};

use super::Outcome;
use crate::events::envelope::Outgoing;

/// More entries no call takes.
const MOST: usize = 10;
/// More bytes no call is sure to take; the limits that services have are not lower than 256 KiB. An entry that is
/// larger goes alone, and the service decides.
const BYTES: usize = 250_000;

/// Where batches go.
pub(super) trait Destination: Sync {
    /// What a batch holds.
    type Entry: Send + Sync;

    /// How many bytes the service counts of an entry.
    fn size(entry: &Self::Entry) -> usize;

    /// Sends a batch.
    ///
    /// # Errors
    /// When nothing of it was taken.
    fn send(
        &self,
        entries: &[Self::Entry],
    ) -> impl Future<Output = Result<EntryOutcomes, Failure>> + Send;
}

/// Sends entries in batches, one call after the other. A batch that is refused as a whole is sent again entry by entry,
/// so that the one that is wrong does not hold back the others.
pub(super) async fn deliver<D: Destination>(to: &D, entries: &[D::Entry]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let mut rest = entries;
    while !rest.is_empty() {
        let (batch, after) = rest.split_at(batch_length(rest, D::size));
        rest = after;
        match to.send(batch).await {
            Ok(answers) => outcomes.extend(of_answers(answers)),
            Err(failure) if batch.len() > 1 && is_about_content(&failure) => {
                for entry in batch.chunks(1) {
                    match to.send(entry).await {
                        Ok(answers) => outcomes.extend(of_answers(answers)),
                        Err(failure) => outcomes.push(of_failure(&failure)),
                    }
                }
            }
            Err(failure) => {
                outcomes.extend(batch.iter().map(|_| of_failure(&failure)));
                if !is_about_content(&failure) {
                    // What could not be reached now is not asked once more for each batch.
                    outcomes.extend(rest.iter().map(|_| of_failure(&failure)));
                    break;
                }
            }
        }
    }
    outcomes
}

/// An event as a message of a queue or topic.
pub(super) fn message(event: &Outgoing, name: &str) -> MessageEntry {
    let fifo = name
        .ends_with(".fifo")
        .then(|| Fifo { group: group(&event.subject), deduplication: event.id.to_string() });
    MessageEntry { body: event.envelope().to_string(), fifo }
}

/// A message group takes 128 letters, digits and signs; ids of findings are UUIDs.
fn group(subject: &str) -> String {
    subject.chars().filter(char::is_ascii_graphic).take(128).collect()
}

fn batch_length<T>(entries: &[T], size: impl Fn(&T) -> usize) -> usize {
    let mut bytes = 0usize;
    let fits = entries.iter().take(MOST).take_while(|entry| {
        bytes = bytes.saturating_add(size(entry));
        bytes <= BYTES
    });
    fits.count().max(1)
}

fn of_answers(answers: EntryOutcomes) -> impl Iterator<Item = Outcome> {
    answers.into_iter().map(|answer| match answer {
        Ok(()) => Outcome::Delivered,
        Err(failure) => match failure.fault {
            Fault::Service => Outcome::Unavailable(failure.to_string()),
            Fault::Entry => Outcome::Refused(failure.to_string()),
        },
    })
}

pub(super) fn of_failure(failure: &Failure) -> Outcome {
    match is_about_content(failure) {
        true => Outcome::Refused(failure.to_string()),
        false => Outcome::Unavailable(failure.to_string()),
    }
}

/// Whether a service refused what was in the call, and not the call: codes of their documentation.
fn is_about_content(failure: &Failure) -> bool {
    const CODES: &[&str] = &[
        "BatchRequestTooLong",
        "InvalidMessageContents",
        "InvalidParameter",
        "InvalidParameterValue",
        "ParameterValueInvalid",
        "InvalidParameterException",
        "ValidationError",
        "ValidationException",
    ];
    let code = failure.code.rsplit('.').next().unwrap_or_default();
    failure.cause == Cause::Other && CODES.contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_have_ten_entries_and_bounded_bytes() {
        let of = |sizes: &[usize]| batch_length(sizes, |size| *size);
        assert_eq!(of(&[1; 25]), 10);
        assert_eq!(of(&[100_000; 5]), 2);
        assert_eq!(of(&[900_000, 1]), 1);
        assert_eq!(of(&[1, 900_000]), 1);
    }
}
