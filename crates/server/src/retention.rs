//! The clock of what is deleted when it is old: resolved findings, previews, client tokens, events, the audit log.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ringfence_store::retention::Retention;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::service::Service;

/// How often it is looked for what is old.
const INTERVAL: Duration = Duration::from_secs(3600);

/// The section `[retention]` of the configuration. Resolved findings are deleted after 90 days, as AWS's are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RetentionSettings {
    /// Hours that previews are kept.
    pub preview_hours: u32,
    /// Hours that a repeated client token is known.
    pub client_token_hours: u32,
    /// Days that events and notifications are kept, delivered or given up.
    pub event_days: u32,
    /// Days that entries of the audit log are kept.
    pub audit_days: u32,
}

impl Default for RetentionSettings {
    fn default() -> Self {
        Self { preview_hours: 24, client_token_hours: 24, event_days: 14, audit_days: 400 }
    }
}

impl RetentionSettings {
    fn retention(&self) -> Retention {
        let hours = |number: u32| SignedDuration::from_hours(i64::from(number.max(1)));
        Retention {
            previews: hours(self.preview_hours),
            client_tokens: hours(self.client_token_hours),
            events: hours(self.event_days.saturating_mul(24)),
            audit: hours(self.audit_days.saturating_mul(24)),
        }
    }
}

/// Deletes what is old, at once and every hour, for as long as the service runs.
pub(crate) async fn keep(service: Arc<Service>, settings: RetentionSettings) {
    let retention = settings.retention();
    loop {
        match service.store.delete_outdated(&retention, Timestamp::now()).await {
            Ok(deleted) if deleted == Default::default() => {}
            Ok(deleted) => tracing::info!(
                findings = deleted.findings,
                previews = deleted.previews,
                events = deleted.events,
                "what was old is deleted"
            ),
            Err(error) => tracing::error!(%error, "what is old could not be deleted"),
        }
        tokio::time::sleep(INTERVAL).await;
    }
}
