//! Who changed the access to a resource last, from CloudTrail's history of the last 90 days.

use std::ops::ControlFlow;

use ringfence_response::context::AccessChange;
use ringfence_response::slot::Target;

use super::access_events::access_events;
use super::accounts::Accounts;
use super::history::{ACTION, Call, History};
use crate::failure::{Cause, Failure};

impl Accounts {
    /// The newest call that changed the access to a resource, or nothing where there was none in 90 days. Calls that
    /// failed changed nothing.
    ///
    /// # Errors
    /// When CloudTrail cannot be asked, or there are too many events to tell.
    pub async fn last_change(&self, target: &Target) -> Result<Option<AccessChange>, Failure> {
        let Some(events) = access_events(&target.resource_type) else {
            let detail = format!("what changes access to `{}` is not known", target.resource_type);
            return Err(Failure::new(ACTION, Cause::Other, detail));
        };
        let history = History::of(self, target, events.source).await?;
        let mut found: Vec<AccessChange> = Vec::new();
        let mut visit = |call: &Call| match events.names.contains(&call.name.as_str()) {
            // The newest comes first.
            true => {
                found.push(change(call));
                ControlFlow::Break(())
            }
            false => ControlFlow::Continue(()),
        };
        history.of_resource(&mut visit).await?;
        if found.is_empty() {
            for name in events.names {
                let mut visit = |call: &Call| {
                    found.push(change(call));
                    ControlFlow::Break(())
                };
                history.called(name, &mut visit).await?;
            }
        }
        Ok(found.into_iter().max_by_key(|change| change.at))
    }
}

fn change(call: &Call) -> AccessChange {
    AccessChange {
        who: call.who.clone(),
        at: call.at,
        event_name: call.name.clone(),
        event_id: call.id.clone(),
    }
}
