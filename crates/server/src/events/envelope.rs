//! AWS's envelope around an event.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html>

use ringfence_store::outbox::Delivery;
use ringfence_store::{Store, StoreError};
use serde_json::{Value, json};
use uuid::Uuid;

/// The source of AWS's own events.
const SOURCE: &str = "aws.access-analyzer";
/// The setting of the store that tells it apart from others.
const IDENTITY: &str = "event-identity";

/// An event ready to be told.
#[derive(Clone, Debug)]
pub(super) struct Outgoing {
    /// Its place in the outbox.
    pub(super) position: i64,
    /// The finding or preview, whose events stay in order.
    pub(super) subject: String,
    /// The same whenever it is told.
    pub(super) id: Uuid,
    /// The event.
    pub(super) event: ringfence_findings::event::Event,
}

/// What the ids of a store's events are made of, made once.
///
/// # Errors
/// When the store cannot be read or written.
pub(super) async fn identity(store: &Store) -> Result<Uuid, StoreError> {
    let text = store.setting_or(IDENTITY, &Uuid::new_v4().to_string()).await?;
    // A text that somebody changed is as good, if it stays.
    Ok(Uuid::parse_str(&text)
        .unwrap_or_else(|_| Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes())))
}

impl Outgoing {
    pub(super) fn new(delivery: Delivery, identity: Uuid) -> Self {
        Self {
            position: delivery.position,
            id: Uuid::new_v5(&identity, delivery.position.to_string().as_bytes()),
            subject: delivery.subject,
            event: delivery.event,
        }
    }

    /// The envelope as AWS writes it, on one line.
    pub(super) fn envelope(&self) -> Value {
        let event = &self.event;
        json!({
            "version": "0",
            "id": self.id.to_string(),
            "detail-type": event.detail_type,
            "source": SOURCE,
            "account": event.account,
            "time": format!("{:.0}", event.time),
            "region": event.region,
            "resources": event.resources,
            "detail": event.detail,
        })
    }
}
