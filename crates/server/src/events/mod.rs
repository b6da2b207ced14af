//! Events out: what the store says has changed, told to every sink that is configured.
//!
//! ```text
//! store's outbox ──dispatcher, one for each sink──▶ envelope ──▶ EventBridge, SQS, SNS, a webhook, a file
//! ```
//!
//! At least once, and in order for each finding. The id of an event stays the same however often it is told, so that a
//! receiver can drop repetitions. A sink that is down is asked now and then until it is up; an event that a sink says
//! is wrong is set aside after a few attempts, as a dead letter.

mod dispatcher;
mod envelope;
mod settings;
mod sinks;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use ringfence_store::StoreError;

use crate::outbound::Environment;
use crate::service::Service;
use dispatcher::Dispatcher;
pub use settings::{
    EventBridgeSettings, EventsError, EventsSettings, FileSettings, QueueSettings, SinkSettings,
    TopicSettings, WebhookSettings,
};
use sinks::Sink;

/// The sinks as they are configured, ready to be started.
#[derive(Debug)]
pub struct Events {
    sinks: Vec<(String, Sink)>,
    settings: EventsSettings,
}

impl Events {
    /// Makes the sinks that the settings describe; `environment` reads variables that hold secrets. Nothing is
    /// connected to.
    ///
    /// # Errors
    /// When a setting cannot be used.
    pub fn open(
        settings: &EventsSettings,
        environment: Environment<'_>,
    ) -> Result<Self, EventsError> {
        settings.check()?;
        let mut sinks = Vec::new();
        for own in &settings.sink {
            sinks.push((own.name.clone(), Sink::open(own, environment)?));
        }
        Ok(Self { sinks, settings: settings.clone() })
    }

    /// Tells the store who gets events from now on, and starts to deliver. `internal` are the names of sinks inside of
    /// this program, which take their events from the store by themselves. Sinks that are in neither get nothing any
    /// more, and lose what they had not taken.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn start(self, service: &Arc<Service>, internal: &[&str]) -> Result<(), StoreError> {
        let names: Vec<&str> = self
            .sinks
            .iter()
            .map(|(name, _)| name.as_str())
            .chain(internal.iter().copied())
            .collect();
        service.store.set_sinks(&names).await?;
        let identity = envelope::identity(&service.store).await?;
        for (name, sink) in self.sinks {
            tracing::info!(sink = name, kind = sink.kind(), "events are told");
            let store = service.store.clone();
            let dispatcher =
                Dispatcher::new(store, name, sink, &self.settings, identity, Arc::clone(service));
            service.keep(dispatcher.run());
        }
        Ok(())
    }
}
