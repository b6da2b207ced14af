//! Who set the tags of a resource, from CloudTrail's history of the last 90 days.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use ringfence_response::context::TagChange;
use ringfence_response::slot::Target;
use serde_json::Value;

use super::accounts::Accounts;
use super::history::{Call, History};
use super::tag_events::{TagEvents, tag_events};
use crate::failure::Failure;

/// Tags by their keys, as they are: nothing stands for one that is not there.
pub type TagsNow = BTreeMap<String, Option<String>>;

/// What the history tells of tags. Of those in neither it has no call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagSetters {
    /// Who made the last call that left a tag as it is.
    pub by_key: BTreeMap<String, TagChange>,
    /// Tags that the last call left otherwise than they are: somebody has changed them since, in a call that the history
    /// does not have yet. CloudTrail takes some minutes.
    pub unexplained: BTreeSet<String>,
}

impl Accounts {
    /// Who set tags of a resource last. Calls that failed set nothing; nobody sets tags of what can have none.
    ///
    /// # Errors
    /// When CloudTrail cannot be asked, or there are too many events to tell.
    pub async fn tag_setters(&self, target: &Target, now: &TagsNow) -> Result<TagSetters, Failure> {
        let Some(events) = tag_events(&target.resource_type) else {
            return Ok(TagSetters::default());
        };
        let history = History::of(self, target, events.source).await?;
        let mut calls = Vec::new();
        history.of_resource(&mut Looking::new(events, now, &mut calls).visit()).await?;
        if calls.is_empty() {
            for name in events.names() {
                let looking = Looking::new(events, now, &mut calls);
                history.called(name, &mut looking.visit()).await?;
            }
        }
        // Answers to several questions, each newest first.
        calls.sort_by_key(|call| std::cmp::Reverse(call.at));
        Ok(setters(events, now, &calls))
    }
}

/// Collects calls until all tags are told of, or the resource was made.
struct Looking<'a> {
    events: &'static TagEvents,
    left: BTreeSet<&'a str>,
    calls: &'a mut Vec<Call>,
}

impl<'a> Looking<'a> {
    fn new(events: &'static TagEvents, now: &'a TagsNow, calls: &'a mut Vec<Call>) -> Self {
        Self { events, left: now.keys().map(String::as_str).collect(), calls }
    }

    fn visit(mut self) -> impl FnMut(&Call) -> ControlFlow<()> {
        move |call| {
            let Some(effect) = effect(self.events, call) else { return ControlFlow::Continue(()) };
            if !matches!(effect, Effect::Replaces(_)) {
                self.left.retain(|key| effect.leaves(key).is_none());
            }
            self.calls.push(call.clone());
            match self.left.is_empty() || matches!(effect, Effect::Makes(_)) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        }
    }
}

/// What calls, newest first, tell of tags.
fn setters(events: &TagEvents, now: &TagsNow, calls: &[Call]) -> TagSetters {
    let mut told = TagSetters::default();
    for (key, value) in now {
        match setter(events, key, value.as_deref(), calls) {
            Setter::Who(change) => _ = told.by_key.insert(key.clone(), change),
            Setter::Unexplained => _ = told.unexplained.insert(key.clone()),
            Setter::NotTold => {}
        }
    }
    told
}

/// What calls tell of one tag.
enum Setter {
    Who(TagChange),
    Unexplained,
    NotTold,
}

/// Who left a tag as it is. A call that writes all tags at once and leaves this one as it was is not about it: the one
/// before is.
fn setter(events: &TagEvents, key: &str, now: Option<&str>, calls: &[Call]) -> Setter {
    let mut found = None;
    for call in calls {
        let Some(effect) = effect(events, call) else { continue };
        let leaves = effect.leaves(key);
        if leaves == Some(now) {
            found = Some(TagChange { who: call.who.clone(), at: call.at });
        }
        match (&effect, leaves) {
            (Effect::Replaces(_), Some(own)) if own == now => {}
            // It was otherwise before: whoever came after changed it.
            (_, Some(own)) if own != now => {
                return found.map_or(Setter::Unexplained, Setter::Who);
            }
            (_, Some(_)) => break,
            // What was before was another resource of the name, and this one began without the tag.
            (Effect::Makes(_), None) if now.is_none() => return Setter::NotTold,
            (Effect::Makes(_), None) => break,
            (_, None) => {}
        }
    }
    match (found, now) {
        // Nobody is known to have taken it away from what may never have had it.
        (Some(_), None) if !calls.iter().any(|call| removes(events, call, key)) => Setter::NotTold,
        (Some(change), _) => Setter::Who(change),
        (None, _) => Setter::NotTold,
    }
}

fn removes(events: &TagEvents, call: &Call, key: &str) -> bool {
    match effect(events, call) {
        Some(Effect::Removes(keys)) => keys.is_empty() || keys.contains(key),
        _ => false,
    }
}

/// What a call does to tags.
enum Effect {
    /// The resource is made with these.
    Makes(BTreeMap<String, String>),
    /// These are added.
    Sets(BTreeMap<String, String>),
    /// These are taken away; all of them where none is named.
    Removes(BTreeSet<String>),
    /// There are these afterwards, and no others.
    Replaces(BTreeMap<String, String>),
}

impl Effect {
    /// The value that a tag has afterwards, or that it is not there; nothing where it stays as it was.
    fn leaves(&self, key: &str) -> Option<Option<&str>> {
        match self {
            Self::Makes(tags) | Self::Sets(tags) => tags.get(key).map(|own| Some(own.as_str())),
            Self::Removes(keys) => (keys.is_empty() || keys.contains(key)).then_some(None),
            Self::Replaces(tags) => Some(tags.get(key).map(String::as_str)),
        }
    }
}

fn effect(events: &TagEvents, call: &Call) -> Option<Effect> {
    let is_one_of = |names: &[&str]| names.contains(&call.name.as_str());
    let tags = || tags_in(&call.parameters);
    if is_one_of(events.make) {
        Some(Effect::Makes(tags()))
    } else if is_one_of(events.set) {
        Some(Effect::Sets(tags()))
    } else if is_one_of(events.remove) {
        Some(Effect::Removes(keys_in(&call.parameters)))
    } else if is_one_of(events.replace) {
        Some(Effect::Replaces(tags()))
    } else {
        None
    }
}

/// The members of a request that are about tags.
fn about_tags(parameters: &Value) -> impl Iterator<Item = &Value> {
    let members = parameters.as_object().into_iter().flatten();
    members.filter(|(name, _)| name.to_ascii_lowercase().contains("tag")).map(|(_, value)| value)
}

/// The tags in a request. Services write them as lists of keys and values, each with its own names for these, or as an
/// object.
fn tags_in(parameters: &Value) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::new();
    about_tags(parameters).for_each(|part| collect(part, &mut tags));
    tags
}

fn collect(part: &Value, tags: &mut BTreeMap<String, String>) {
    let Some(members) = part.as_object() else {
        return part.as_array().into_iter().flatten().for_each(|item| collect(item, tags));
    };
    let named = |names: [&str; 4]| names.iter().find_map(|name| members.get(*name));
    if let Some(key) = named(["key", "Key", "tagKey", "TagKey"]).and_then(Value::as_str) {
        let value = named(["value", "Value", "tagValue", "TagValue"]).and_then(Value::as_str);
        tags.insert(key.to_owned(), value.unwrap_or_default().to_owned());
    } else if members.values().all(Value::is_string) {
        let own = members.iter().filter_map(|(key, value)| Some((key, value.as_str()?)));
        tags.extend(own.map(|(key, value)| (key.clone(), value.to_owned())));
    } else {
        members.values().for_each(|value| collect(value, tags));
    }
}

/// The keys in a request that takes tags away.
fn keys_in(parameters: &Value) -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = tags_in(parameters).into_keys().collect();
    for list in about_tags(parameters).filter_map(Value::as_array) {
        keys.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
    }
    keys
}

#[cfg(test)]
mod tests;
