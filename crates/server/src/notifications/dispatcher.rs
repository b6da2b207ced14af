//! Routes what is queued, and sends what is due.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ringfence_response::notification::{Routes, Templates, render_digest};
use ringfence_store::StoreError;
use ringfence_store::notifications::QueuedNotification;
use ringfence_store::outbox::RetryPolicy;

use super::{Channel, Sent, routed};
use crate::metrics::Told;
use crate::service::Service;

/// How often the queue is looked into.
const LOOK: Duration = Duration::from_millis(250);
/// How long to wait when the store cannot be read.
const STORE_WAIT: Duration = Duration::from_secs(2);
/// How many are routed in one transaction.
const ROUTED: usize = 500;
/// A digest has no more; the next follows.
const DIGEST: usize = 50;
/// How many are taken at once of those that are sent one by one.
const ALONE: usize = 10;
/// What is taken is sent or reported within this time: ten mails that each take twenty seconds.
const LEASE: SignedDuration = SignedDuration::from_secs(300);

/// What may be sent later. With the longest wait it is two days before it is given up.
const UNAVAILABLE: RetryPolicy = RetryPolicy {
    first_wait: SignedDuration::from_secs(5),
    longest_wait: SignedDuration::from_secs(600),
    attempts: 300,
};
/// What the channel says is wrong.
const REFUSED: RetryPolicy = RetryPolicy { attempts: 3, ..UNAVAILABLE };

/// Routes for as long as the service runs.
pub(super) async fn route(
    service: Arc<Service>,
    channels: BTreeMap<String, Arc<Channel>>,
    routes: Routes,
) {
    let names: Vec<&str> = channels.keys().map(String::as_str).collect();
    if let Err(error) = service.store.set_channels(&names).await {
        tracing::error!(%error, "the channels cannot be written");
    }
    loop {
        let choose = |own: &_| routed(own, &channels, &routes, Timestamp::now());
        let wait = match service.store.route_notifications(choose, ROUTED).await {
            Ok(ROUTED) => Duration::ZERO,
            Ok(_) => LOOK,
            Err(error) => {
                tracing::error!(%error, "notifications cannot be routed");
                STORE_WAIT
            }
        };
        tokio::time::sleep(wait).await;
    }
}

/// Sends to one channel.
pub(super) struct Sender {
    pub(super) service: Arc<Service>,
    pub(super) name: String,
    pub(super) channel: Arc<Channel>,
    pub(super) templates: Arc<Templates>,
}

impl Sender {
    /// Sends for as long as the service runs.
    pub(super) async fn run(self) {
        loop {
            let wait = match self.step(Timestamp::now()).await {
                Ok(0) => LOOK,
                Ok(_) => Duration::ZERO,
                Err(error) => {
                    tracing::error!(channel = self.name, %error, "notifications cannot be read or written");
                    STORE_WAIT
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Sends what is due now, and gives how much there was.
    ///
    /// # Errors
    /// When the store cannot be read or written; what was taken comes again when the lease is over.
    pub(super) async fn step(&self, now: Timestamp) -> Result<usize, StoreError> {
        let most = if self.channel.digest.is_some() { DIGEST } else { ALONE };
        let store = &self.service.store;
        let taken = store.take_notifications(&self.name, now, LEASE, most).await?;
        let number = taken.len();
        let (alone, together): (Vec<_>, Vec<_>) =
            taken.into_iter().partition(|own| self.channel.is_alone(own.notification.kind));
        let mut messages: Vec<Vec<QueuedNotification>> =
            alone.into_iter().map(|own| vec![own]).collect();
        if !together.is_empty() {
            messages.push(together);
        }
        let mut down: Option<String> = None;
        for message in messages {
            let sent = match &down {
                // What could not be reached just now is not waited for again.
                Some(error) => Sent::Unavailable(error.clone()),
                None => self.send(&message).await,
            };
            if let Sent::Unavailable(error) = &sent {
                down = Some(error.clone());
            }
            self.report(&message, sent, now).await?;
        }
        Ok(number)
    }

    async fn send(&self, message: &[QueuedNotification]) -> Sent {
        let all: Vec<_> = message.iter().map(|own| &own.notification).collect();
        let rendered = match render_digest(&self.templates, &all) {
            Ok(rendered) => rendered,
            Err(error) => return Sent::Refused(error.to_string()),
        };
        let ids: Vec<&str> = all.iter().map(|own| own.id.as_str()).collect();
        let id = format!("{}\n{}", self.name, ids.join("\n"));
        self.channel.means.send(&rendered, &id).await
    }

    async fn report(
        &self,
        message: &[QueuedNotification],
        sent: Sent,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (store, metrics) = (&self.service.store, &self.service.metrics);
        let name = format!("notify/{}", self.name);
        let (error, policy) = match sent {
            Sent::Taken => {
                metrics.tell(&name, Told::Delivered, message.len());
                let positions: Vec<i64> = message.iter().map(|own| own.position).collect();
                return store.notified(&self.name, &positions).await;
            }
            Sent::Unavailable(error) => (error, UNAVAILABLE),
            Sent::Refused(error) => (error, REFUSED),
        };
        metrics.tell(&name, Told::Failed, message.len());
        tracing::warn!(
            channel = self.name,
            error,
            number = message.len(),
            "notifications were not sent"
        );
        for own in message {
            let done =
                store.notification_failed(&self.name, own.position, &error, &policy, now).await;
            match done {
                Ok(Some(_)) | Err(StoreError::NotFound(_)) => {}
                Ok(None) => {
                    metrics.tell(&name, Told::GivenUp, 1);
                    tracing::error!(
                        channel = self.name,
                        notification = own.notification.id,
                        error,
                        "a notification was given up; `ringfence notify replay` tries it again"
                    );
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
