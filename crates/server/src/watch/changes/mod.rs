//! The change queue: events that say that something may have changed.
//!
//! A message is deleted once what it led to is written. One that leads nowhere is set aside after it was received a few
//! times, so that it does not hold up others. Several messages about one thing lead to one look.

mod event;
mod set_aside;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ringfence_aws::Access;
use ringfence_aws::queue::{Message, Queue};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub use set_aside::{SetAside, set_aside};

use super::counters::count;
use super::refresh::{self, Refreshed};
use super::settings::ChangeQueue;
use super::subject::Subject;
use crate::service::Service;

/// How long a receive waits for messages.
const WAIT: Duration = Duration::from_secs(20);

/// How many messages are taken together when there are many.
const MOST: usize = 100;

/// Pauses after a receive that failed.
const PAUSES: [u64; 5] = [1, 2, 5, 15, 60];

/// How much later than an event a thing has to have been read for the event to be answered by that. Clocks differ, and
/// some services show a change a little after they have told it.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// How many things are remembered to have been read.
const REMEMBERED: usize = 20_000;

/// Receives messages for as long as the service runs.
pub(super) async fn keep(service: Arc<Service>) {
    let settings = service.settings.changes.clone();
    let Some(url) = settings.url.clone() else { return };
    let access = Access {
        profile: settings.profile.clone(),
        endpoint_url: settings.endpoint_url.clone(),
        region: None,
        call_timeout: Duration::from_secs(30),
        max_attempts: 3,
    };
    let receiver = Receiver {
        queue: Queue::open(&access, &url).await,
        places: Arc::new(Semaphore::new(settings.at_once.max(1))),
        service,
        settings,
    };
    receiver.run().await;
}

struct Receiver {
    service: Arc<Service>,
    settings: ChangeQueue,
    queue: Queue,
    /// How many things are read at once.
    places: Arc<Semaphore>,
}

/// When things were read last.
type Read = BTreeMap<Subject, Timestamp>;

impl Receiver {
    async fn run(&self) {
        let hidden = Duration::from_secs(self.settings.visibility_seconds.max(1));
        let mut failures = 0;
        let mut read = Read::new();
        loop {
            let mut messages = match self.queue.receive(WAIT, hidden).await {
                Ok(messages) => messages,
                Err(failure) => {
                    tracing::error!(%failure, "the change queue cannot be received from");
                    let pause = PAUSES.get(failures).or(PAUSES.last()).copied().unwrap_or(60);
                    failures += 1;
                    tokio::time::sleep(Duration::from_secs(pause)).await;
                    continue;
                }
            };
            failures = 0;
            // A full hand says that there are more, maybe about the same things.
            while messages.len().is_multiple_of(10) && !messages.is_empty() && messages.len() < MOST
            {
                match self.queue.receive(Duration::ZERO, hidden).await {
                    Ok(more) if more.is_empty() => break,
                    Ok(more) => messages.extend(more),
                    Err(_) => break,
                }
            }
            if !messages.is_empty() {
                self.act(messages, &mut read).await;
            }
        }
    }

    /// Deals with messages that were received together.
    async fn act(&self, messages: Vec<Message>, read: &mut Read) {
        let counters = &self.service.watch.counters;
        let mut about: Vec<(Message, Subject)> = Vec::new();
        let mut done: Vec<Message> = Vec::new();
        for message in messages {
            match event::read(&message.body) {
                event::Message::Changed(subject, at) if is_answered(read, &subject, at) => {
                    count(&counters.acted_on);
                    done.push(message);
                }
                event::Message::Changed(subject, _) => about.push((message, subject)),
                event::Message::Other => {
                    count(&counters.ignored);
                    done.push(message);
                }
                event::Message::Unreadable(reason) => {
                    self.set_aside(&message, reason);
                    done.push(message);
                }
            }
        }
        let subjects: BTreeSet<Subject> = about.iter().map(|(_, own)| own.clone()).collect();
        let outcomes = self.refresh(subjects).await;
        for (message, subject) in about {
            match outcomes.get(&subject) {
                Some(Ok((outcome, at))) => {
                    match outcome {
                        Refreshed::Done => count(&counters.acted_on),
                        Refreshed::NotWatched => count(&counters.of_others),
                    }
                    read.insert(subject, *at);
                    done.push(message);
                }
                Some(Err(reason)) if message.received >= self.settings.most_receipts => {
                    self.set_aside(&message, reason);
                    done.push(message);
                }
                // It comes again.
                Some(Err(_)) | None => {}
            }
        }
        if read.len() > REMEMBERED {
            read.clear();
        }
        match self.queue.delete(&done).await {
            Ok(left) if left.is_empty() => {}
            Ok(left) => tracing::warn!(messages = left.len(), "messages come again"),
            Err(failure) => {
                tracing::error!(%failure, "messages cannot be deleted; they come again")
            }
        }
    }

    /// Reads things again, some at once, and says when each was.
    async fn refresh(
        &self,
        subjects: BTreeSet<Subject>,
    ) -> BTreeMap<Subject, Result<(Refreshed, Timestamp), String>> {
        let mut tasks = JoinSet::new();
        for subject in subjects {
            let (service, places) = (Arc::clone(&self.service), Arc::clone(&self.places));
            tasks.spawn(async move {
                let _place = places.acquire().await;
                let at = Timestamp::now();
                let done = refresh::subject(service, subject.clone()).await;
                let done = done.map(|outcome| (outcome, at)).map_err(|error| error.to_string());
                match &done {
                    Ok((outcome, _)) => tracing::info!(?subject, ?outcome, "read again"),
                    Err(error) => tracing::error!(?subject, error, "it could not be read again"),
                }
                (subject, done)
            });
        }
        let mut outcomes = BTreeMap::new();
        while let Some(ended) = tasks.join_next().await {
            match ended {
                Ok((subject, outcome)) => drop(outcomes.insert(subject, outcome)),
                Err(error) => tracing::error!(%error, "a look ended early"),
            }
        }
        outcomes
    }

    fn set_aside(&self, message: &Message, reason: &str) {
        count(&self.service.watch.counters.set_aside);
        tracing::error!(
            message = message.id,
            received = message.received,
            reason,
            "a message is set aside"
        );
        let kept = SetAside {
            message_id: message.id.clone(),
            at: Timestamp::now(),
            received: message.received,
            reason: reason.to_owned(),
            body: message.body.clone(),
        };
        if let Some(folder) = &self.service.settings.data
            && let Err(error) = set_aside::keep(folder, &kept)
        {
            tracing::error!(%error, "a message that was set aside could not be kept");
        }
    }
}

/// Whether the thing was read well after the event, so that what it tells was seen.
fn is_answered(read: &Read, subject: &Subject, at: Option<Timestamp>) -> bool {
    let known = read.get(subject).copied();
    known.zip(at).is_some_and(|(read, at)| read.duration_since(at) > MARGIN)
}
