//! CloudTrail's history of the last 90 days: the calls of one service about one resource.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey};
use jiff::Timestamp;
use ringfence_response::slot::Target;
use serde_json::Value;

use super::accounts::{Accounts, Purpose};
use super::arn::after;
use super::place::Place;
use crate::client::client;
use crate::failure::{Cause, Failure};

pub(super) const ACTION: &str = "cloudtrail:LookupEvents";

/// How many pages of fifty events are looked through for one question. CloudTrail answers two questions a second.
const MAX_PAGES: usize = 20;

/// The history of one resource.
pub(super) struct History {
    client: Client,
    place: Place,
    /// The service, as CloudTrail names it.
    source: &'static str,
    names: BTreeSet<String>,
}

/// A call that succeeded.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) name: String,
    /// Who made it: an ARN, where there is one.
    pub(super) who: String,
    pub(super) at: Timestamp,
    pub(super) id: String,
    /// What it asked for.
    pub(super) parameters: Value,
}

impl History {
    /// The history of a resource, in the reading role.
    ///
    /// # Errors
    /// When the account cannot be reached.
    pub(super) async fn of(
        accounts: &Accounts,
        target: &Target,
        source: &'static str,
    ) -> Result<Self, Failure> {
        let place = accounts.place(Purpose::Read, &target.account, &target.region).await?;
        Ok(Self { client: client!(place, aws_sdk_cloudtrail), place, source, names: names(target) })
    }

    /// Goes through the calls that are known to be about the resource, newest first, until `visit` has seen enough.
    ///
    /// # Errors
    /// When CloudTrail cannot be asked, or there are too many events to tell.
    pub(super) async fn of_resource(
        &self,
        visit: &mut (impl FnMut(&Call) -> ControlFlow<()> + Send),
    ) -> Result<(), Failure> {
        for name in &self.names {
            self.each(LookupAttributeKey::ResourceName, name, visit).await?;
        }
        Ok(())
    }

    /// The same for the calls with a name. Not every service tells CloudTrail which resource a call was about: it is found
    /// in what was asked for.
    ///
    /// # Errors
    /// When CloudTrail cannot be asked, or there are too many events to tell.
    pub(super) async fn called(
        &self,
        name: &str,
        visit: &mut (impl FnMut(&Call) -> ControlFlow<()> + Send),
    ) -> Result<(), Failure> {
        self.each(LookupAttributeKey::EventName, name, visit).await
    }

    async fn each(
        &self,
        key: LookupAttributeKey,
        value: &str,
        visit: &mut (impl FnMut(&Call) -> ControlFlow<()> + Send),
    ) -> Result<(), Failure> {
        let attribute = LookupAttribute::builder().attribute_key(key).attribute_value(value);
        let attribute = attribute.build();
        let attribute =
            attribute.map_err(|error| Failure::new(ACTION, Cause::Other, error.to_string()))?;
        let mut token = None;
        for _ in 0..MAX_PAGES {
            let asked = self.client.lookup_events().lookup_attributes(attribute.clone());
            let asked = asked.max_results(50).set_next_token(token).send();
            let page = self.place.call(ACTION, asked).await?;
            for call in page.events.iter().flatten().filter_map(|event| self.call(event)) {
                if visit(&call).is_break() {
                    return Ok(());
                }
            }
            token = page.next_token.filter(|token| !token.is_empty());
            if token.is_none() {
                return Ok(());
            }
        }
        let detail = format!("more than {MAX_PAGES} pages of events with `{value}`");
        Err(Failure::new(ACTION, Cause::Endless, detail))
    }

    /// The call that an event tells of, where it is one of the service about this resource, and succeeded.
    fn call(&self, event: &Event) -> Option<Call> {
        if event.event_source.as_deref().is_some_and(|source| source != self.source) {
            return None;
        }
        let mut told: Value = serde_json::from_str(event.cloud_trail_event.as_deref()?).ok()?;
        if told.get("errorCode").is_some_and(|code| !code.is_null()) {
            return None;
        }
        let parts = ["requestParameters", "responseElements", "resources"];
        if !parts.iter().filter_map(|part| told.get(part)).any(|part| self.names(part)) {
            return None;
        }
        let identity = told.get("userIdentity");
        let of = |name: &str| identity?.get(name)?.as_str();
        let who = of("arn").or_else(|| of("invokedBy")).or_else(|| of("principalId"));
        Some(Call {
            name: event.event_name.clone()?,
            who: who.or(event.username.as_deref())?.to_owned(),
            at: Timestamp::from_second(event.event_time.as_ref()?.secs()).ok()?,
            id: event.event_id.clone()?,
            parameters: told.get_mut("requestParameters").map(Value::take).unwrap_or_default(),
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
