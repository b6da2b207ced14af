//! Who changed the access to a resource last, from CloudTrail's history of the last 90 days.

use std::collections::BTreeSet;

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey};
use jiff::Timestamp;
use ringfence_response::context::AccessChange;
use ringfence_response::slot::Target;
use serde_json::Value;

use super::access_events::{AccessEvents, access_events};
use super::accounts::{Accounts, Purpose};
use super::arn::after;
use super::place::Place;
use crate::client::client;
use crate::failure::{Cause, Failure};

pub(super) const ACTION: &str = "cloudtrail:LookupEvents";

/// How many pages of fifty events are looked through for one question. CloudTrail answers two questions a second.
const MAX_PAGES: usize = 20;

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
        let place = self.place(Purpose::Read, &target.account, &target.region).await?;
        let search = Search {
            client: client!(place, aws_sdk_cloudtrail),
            place: &place,
            events,
            names: names(target),
        };
        search.newest().await
    }
}

/// What CloudTrail may call a resource: its ARN, its name, or, for a queue, the end of its URL.
fn names(target: &Target) -> BTreeSet<String> {
    let resource = after(&target.arn, "").unwrap_or(&target.arn);
    // What comes before the name is its kind, as `role/` or `function:`; a bucket's or queue's name stands alone.
    let name = match target.resource_type.as_str() {
        "AWS::IAM::Role" | "AWS::KMS::Key" => resource.rsplit('/').next().unwrap_or(resource),
        _ => match resource.find([':', '/']) {
            Some(end) => resource.get(end + 1..).unwrap_or(resource),
            None => resource,
        },
    };
    BTreeSet::from([target.arn.clone(), name.to_owned()])
}

struct Search<'a> {
    client: Client,
    place: &'a Place,
    events: &'static AccessEvents,
    names: BTreeSet<String>,
}

impl Search<'_> {
    async fn newest(&self) -> Result<Option<AccessChange>, Failure> {
        let mut found = Vec::new();
        for name in &self.names {
            found.extend(self.first(LookupAttributeKey::ResourceName, name).await?);
        }
        // Not every service tells CloudTrail which resource a call was about.
        if found.is_empty() {
            for name in self.events.names {
                found.extend(self.first(LookupAttributeKey::EventName, name).await?);
            }
        }
        Ok(found.into_iter().max_by_key(|change| change.at))
    }

    /// The newest change among the events with an attribute: CloudTrail gives the newest first.
    async fn first(
        &self,
        key: LookupAttributeKey,
        value: &str,
    ) -> Result<Option<AccessChange>, Failure> {
        let attribute = LookupAttribute::builder().attribute_key(key).attribute_value(value);
        let attribute = attribute.build();
        let attribute =
            attribute.map_err(|error| Failure::new(ACTION, Cause::Other, error.to_string()))?;
        let mut token = None;
        for _ in 0..MAX_PAGES {
            let asked = self.client.lookup_events().lookup_attributes(attribute.clone());
            let asked = asked.max_results(50).set_next_token(token).send();
            let page = self.place.call(ACTION, asked).await?;
            let mut changes = page.events.iter().flatten().filter_map(|event| self.change(event));
            if let Some(change) = changes.next() {
                return Ok(Some(change));
            }
            token = page.next_token.filter(|token| !token.is_empty());
            if token.is_none() {
                return Ok(None);
            }
        }
        let detail = format!("more than {MAX_PAGES} pages of events with `{value}`");
        Err(Failure::new(ACTION, Cause::Endless, detail))
    }

    /// The change that an event is, where it is one of this resource.
    fn change(&self, event: &Event) -> Option<AccessChange> {
        let name = event.event_name.as_deref()?;
        let is_ours = self.events.names.contains(&name)
            && event.event_source.as_deref().is_none_or(|source| source == self.events.source);
        let told: Value = serde_json::from_str(event.cloud_trail_event.as_deref()?).ok()?;
        if !is_ours || told.get("errorCode").is_some_and(|code| !code.is_null()) {
            return None;
        }
        let parts = ["requestParameters", "responseElements", "resources"];
        if !parts.iter().filter_map(|part| told.get(part)).any(|part| self.names(part)) {
            return None;
        }
        let identity = told.get("userIdentity");
        let of = |name: &str| identity?.get(name)?.as_str();
        let who = of("arn").or_else(|| of("invokedBy")).or_else(|| of("principalId"));
        Some(AccessChange {
            who: who.or(event.username.as_deref())?.to_owned(),
            at: Timestamp::from_second(event.event_time.as_ref()?.secs()).ok()?,
            event_name: name.to_owned(),
            event_id: event.event_id.clone()?,
        })
    }

    /// Whether some value in a part of an event names the resource.
    fn names(&self, part: &Value) -> bool {
        match part {
            Value::String(text) => {
                // Queues are named by their URLs, roles in answers by their paths.
                let end = text.rsplit('/').next().unwrap_or(text);
                self.names.contains(text) || self.names.contains(end)
            }
            Value::Array(items) => items.iter().any(|item| self.names(item)),
            Value::Object(members) => members.values().any(|value| self.names(value)),
            _ => false,
        }
    }
}
