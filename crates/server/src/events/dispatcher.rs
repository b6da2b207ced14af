//! Takes events from the outbox and gives them to one sink.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ringfence_store::outbox::RetryPolicy;
use ringfence_store::{Store, StoreError};
use uuid::Uuid;

use super::envelope::Outgoing;
use super::settings::EventsSettings;
use super::sinks::{Outcome, Sink};
use crate::metrics::Told;
use crate::service::Service;

/// How often the outbox is looked into. Other processes write to it too, so looking is what can be relied on; it costs
/// a read in an index.
const LOOK: Duration = Duration::from_millis(200);
/// How long to wait when the store cannot be read.
const STORE_WAIT: Duration = Duration::from_secs(2);
/// The longest wait between two attempts to reach a sink that is down.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// Gives events to one sink.
pub(super) struct Dispatcher {
    store: Store,
    name: String,
    sink: Sink,
    batch: usize,
    lease: SignedDuration,
    unavailable: RetryPolicy,
    refused: RetryPolicy,
    identity: Uuid,
    service: Arc<Service>,
    /// How often in a row the sink took nothing; while it is down one event at a time is tried.
    failures: u32,
    paused_until: Option<Timestamp>,
}

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing was due.
    Idle,
    /// Something was due, but an earlier event of the same finding waits.
    Blocked,
    /// The sink is down, and is not asked yet.
    Paused,
    /// Events were tried.
    Tried,
}

impl Dispatcher {
    pub(super) fn new(
        store: Store,
        name: String,
        sink: Sink,
        settings: &EventsSettings,
        identity: Uuid,
        service: Arc<Service>,
    ) -> Self {
        Self {
            store,
            name,
            sink,
            batch: settings.batch,
            lease: SignedDuration::from_secs(i64::from(settings.lease_seconds)),
            unavailable: settings.unavailable(),
            refused: settings.refused(),
            identity,
            service,
            failures: 0,
            paused_until: None,
        }
    }

    /// Delivers for as long as the service runs.
    pub(super) async fn run(mut self) {
        loop {
            let wait = match self.step(Timestamp::now()).await {
                Ok(Step::Tried) => Duration::ZERO,
                Ok(Step::Idle | Step::Paused) => LOOK,
                Ok(Step::Blocked) => LOOK.saturating_mul(3),
                Err(error) => {
                    tracing::error!(sink = self.name, %error, "the outbox cannot be read or written");
                    STORE_WAIT
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Takes what is due now, and gives it to the sink.
    ///
    /// # Errors
    /// When the store cannot be read or written; what was taken comes again when the lease is over.
    pub(super) async fn step(&mut self, now: Timestamp) -> Result<Step, StoreError> {
        if self.paused_until.is_some_and(|until| now < until) {
            return Ok(Step::Paused);
        }
        if !self.store.is_due(&self.name, now).await? {
            return Ok(Step::Idle);
        }
        let most = if self.failures > 0 { 1 } else { self.batch };
        let taken = self.store.take_deliveries(&self.name, now, self.lease, most).await?;
        if taken.is_empty() {
            return Ok(Step::Blocked);
        }
        let outgoing: Vec<Outgoing> =
            taken.into_iter().map(|own| Outgoing::new(own, self.identity)).collect();
        // Reported before the lease is over, so that nobody else takes what is on its way.
        let patience = Duration::try_from(self.lease).unwrap_or(LOOK).mul_f64(0.75);
        let outcomes = tokio::time::timeout(patience, self.sink.deliver(&outgoing, now)).await;
        let outcomes = outcomes.unwrap_or_else(|_| {
            let late = || Outcome::Unavailable("the sink did not answer in time".to_owned());
            outgoing.iter().map(|_| late()).collect()
        });
        self.report(&outgoing, outcomes, now).await?;
        Ok(Step::Tried)
    }

    async fn report(
        &mut self,
        outgoing: &[Outgoing],
        outcomes: Vec<Outcome>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (mut delivered, mut failed) = (Vec::new(), Vec::new());
        for (own, outcome) in outgoing.iter().zip(outcomes) {
            match outcome {
                Outcome::Delivered => delivered.push(own.position),
                Outcome::Unavailable(error) => failed.push((own, error, &self.unavailable)),
                Outcome::Refused(error) => failed.push((own, error, &self.refused)),
            }
        }
        if !delivered.is_empty() {
            self.store.delivered(&self.name, &delivered).await?;
        }
        let metrics = &self.service.metrics;
        metrics.tell(&self.name, Told::Delivered, delivered.len());
        metrics.tell(&self.name, Told::Failed, failed.len());
        let is_down = delivered.is_empty()
            && failed.iter().all(|(_, _, policy)| std::ptr::eq(*policy, &self.unavailable));
        if let Some((_, error, _)) = failed.first() {
            tracing::warn!(sink = self.name, error, events = failed.len(), "events were not taken");
        }
        for (own, error, policy) in failed {
            let done =
                self.store.delivery_failed(&self.name, own.position, &error, policy, now).await;
            match done {
                Ok(Some(_)) => {}
                Ok(None) => {
                    metrics.tell(&self.name, Told::GivenUp, 1);
                    tracing::error!(
                        sink = self.name,
                        event = own.position,
                        subject = own.subject,
                        error,
                        "an event was given up; `ringfence events replay` tries it again"
                    );
                }
                // It was too old, or the sink is one no more.
                Err(StoreError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        self.failures = if is_down { self.failures.saturating_add(1) } else { 0 };
        self.paused_until = is_down.then(|| pause(self.failures, now)).flatten();
        Ok(())
    }
}

/// Until when a sink is left alone that was down so often in a row.
fn pause(failures: u32, now: Timestamp) -> Option<Timestamp> {
    let first_wait = SignedDuration::from_secs(1);
    let policy = RetryPolicy { first_wait, longest_wait: LONGEST_PAUSE, attempts: u32::MAX };
    policy.next_attempt(failures, now)
}
