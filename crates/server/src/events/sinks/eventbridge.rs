//! An EventBridge bus. It refuses sources that begin with `aws.` from customers, so the source is a setting, and
//! `deploy/event-pattern.json` matches both.

use ringfence_aws::Failure;
use ringfence_aws::publish::{EntryOutcomes, EventEntry, Publisher};

use super::Outcome;
use super::aws_batch::{self, Destination};
use crate::events::envelope::Outgoing;
use crate::events::settings::EventBridgeSettings;
use crate::publishing::Publishing;

/// A bus.
#[derive(Debug)]
pub(crate) struct EventBridge {
    bus: String,
    source: String,
    publishing: Publishing,
}

impl EventBridge {
    pub(super) fn new(settings: &EventBridgeSettings) -> Result<Self, String> {
        let EventBridgeSettings { event_bus, source, aws } = settings;
        if event_bus.is_empty() {
            return Err("`event_bus` is empty".to_owned());
        }
        if source.is_empty() || source.starts_with("aws.") {
            return Err(format!(
                "EventBridge refuses the source `{source}` from customers: `aws.` is AWS's"
            ));
        }
        let publishing = Publishing::new(aws.clone());
        Ok(Self { bus: event_bus.clone(), source: source.clone(), publishing })
    }

    pub(super) async fn deliver(&self, events: &[Outgoing]) -> Vec<Outcome> {
        let publisher = match self.publishing.publisher().await {
            Ok(publisher) => publisher,
            Err(failure) => {
                return events.iter().map(|_| aws_batch::of_failure(&failure)).collect();
            }
        };
        let entries: Vec<EventEntry> = events.iter().map(|own| self.entry(own)).collect();
        aws_batch::deliver(&OpenBus { publisher, bus: &self.bus }, &entries).await
    }

    fn entry(&self, own: &Outgoing) -> EventEntry {
        EventEntry {
            source: self.source.clone(),
            detail_type: own.event.detail_type.clone(),
            detail: own.event.detail.to_string(),
            resources: own.event.resources.clone(),
            time: own.event.time.as_second(),
        }
    }
}

/// A bus that can be put on.
struct OpenBus<'a> {
    publisher: &'a Publisher,
    bus: &'a str,
}

impl Destination for OpenBus<'_> {
    type Entry = EventEntry;

    /// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html>
    fn size(entry: &EventEntry) -> usize {
        let resources: usize = entry.resources.iter().map(String::len).sum();
        14usize
            .saturating_add(entry.source.len())
            .saturating_add(entry.detail_type.len())
            .saturating_add(entry.detail.len())
            .saturating_add(resources)
    }

    async fn send(&self, entries: &[EventEntry]) -> Result<EntryOutcomes, Failure> {
        self.publisher.put_events(self.bus, entries).await
    }
}
