//! That nobody gets in any more the way the finding describes, and nobody in any other.

use std::collections::BTreeSet;

use ringfence_access::observation::{Observation, ObservedPrincipal};
use ringfence_policy::evaluate::{Decision, document_decision};
use ringfence_policy::{PolicyDocument, Statement, parse_policy};
use ringfence_reasoning::{Answer, RequestBox, anything_allowed};
use serde_json::{Map, Value, json};

use super::{After, refuted, unknown};
use crate::plan::{Claim, Means};
use crate::resolution::candidate::Candidate;
use crate::resolution::case::Case;
use crate::resolution::draft::texts;
use crate::resolution::slots::{Place, place_of};
use crate::resolution::strategies::Strategy;
use crate::resolution::text;
use crate::slot::Slot;

/// Whether an access of before is there as it was.
pub(super) fn is_there(before: &Observation, after: &After) -> bool {
    after.observations.iter().any(|own| {
        covers(own, before) && before.sources.iter().all(|source| own.sources.contains(source))
    })
}

/// Whether `one` is the same way in as `other`, with all its actions.
fn covers(one: &Observation, other: &Observation) -> bool {
    one.principal == other.principal
        && one.condition == other.condition
        && other.action.iter().all(|action| one.action.contains(action))
}

/// Nothing is there that was not there before.
pub(super) fn adds_nothing(case: &Case<'_>, after: &After) -> Claim {
    let before = || case.access.iter().chain(&case.others);
    let new = after.observations.iter().find(|own| {
        // What is left of the finding itself is no addition; that it is left is another claim.
        !before().any(|old| covers(old, own)) && !is_part(case, own)
    });
    match new {
        Some(own) => {
            let (kind, who) = own.principal.entry();
            refuted(format!("{kind} `{who}` gets in"), own.witness.to_scenario_json())
        }
        None => Claim::Proved,
    }
}

/// Whether a way in may be a part of the finding's.
fn is_part(case: &Case<'_>, own: &Observation) -> bool {
    let actions = case.actions();
    let shares = own.action.iter().any(|action| actions.contains(action));
    let narrower = match (case.principal(), &own.principal) {
        (ObservedPrincipal::Aws(finding), ObservedPrincipal::Aws(own)) => {
            finding == "*" || own.split(':').nth(4) == Some(finding)
        }
        _ => false,
    };
    shares && (narrower || *case.principal() == own.principal)
}

/// Whether a way in is one that was there already beneath the finding's: somebody who is named by an entry of its own, which
/// shows as a finding of its own once everybody is not let in any more.
fn was_beneath(case: &Case<'_>, own: &Observation, after: &After) -> bool {
    if own.principal == *case.principal() {
        return false;
    }
    let slots = case.situation.slots;
    let known: Vec<Value> = slots
        .iter()
        .filter_map(|(slot, text)| Some((slot, text.as_deref()?)))
        .flat_map(|(slot, text)| {
            entries(slot, text).into_iter().enumerate().map(move |own| (slot, own))
        })
        .filter(|(slot, (at, _))| !case.places.iter().any(|own| own.is_at(slot, *at)))
        .map(|(_, (_, entry))| entry)
        .collect();
    let mut places = own.granted_by.iter().map(|granted| {
        let place = place_of(granted, &after.slots)?;
        let text = after.slots.get(place.slot())?.as_deref()?;
        entries(place.slot(), text).into_iter().nth(place.at())
    });
    !own.granted_by.is_empty() && places.all(|entry| entry.is_some_and(|own| known.contains(&own)))
}

/// What stands in a slot, one by one.
fn entries(slot: &Slot, text: &str) -> Vec<Value> {
    if !super::lists::is_list(slot) {
        let all = text::statements(text).unwrap_or_default();
        return all.into_iter().map(|own| own.value).collect();
    }
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let list = |name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    match slot {
        Slot::BucketAcl => list("Grants"),
        Slot::VolumeSnapshotSharing => [list("Groups"), list("UserIds")].concat(),
        Slot::DatabaseSnapshotSharing | Slot::ClusterSnapshotSharing => {
            value.as_array().cloned().unwrap_or_default()
        }
        _ => vec![value],
    }
}

/// Nobody gets in the way that the finding describes.
pub(super) fn closes(
    case: &Case<'_>,
    strategy: &Strategy,
    candidate: &Candidate,
    after: &After,
) -> Claim {
    let left = after.observations.iter().find(|own| {
        !case.others.iter().any(|old| covers(old, own))
            && is_part(case, own)
            && !was_beneath(case, own, after)
    });
    if let Some(own) = left {
        let (kind, who) = own.principal.entry();
        return refuted(format!("{kind} `{who}` still gets in"), own.witness.to_scenario_json());
    }
    if after.undecided > case.undecided {
        return unknown("the resource cannot be analyzed with the change made");
    }
    match candidate.means {
        Means::Deny | Means::ConditionalDeny => denied(case, strategy, after),
        Means::Removal | Means::Block => Claim::Proved,
    }
}

/// No request of the finding's principal for its actions under its conditions is allowed, whatever allows it.
fn denied(case: &Case<'_>, strategy: &Strategy, after: &After) -> Claim {
    let Some(rules) = &strategy.policy else { return Claim::Proved };
    let is_own = |place: &Place| matches!(place, Place::Statement(slot, _) if *slot == rules.slot);
    // Through access points and lists the bucket's policy alone does not say who gets in; the analysis above does.
    if !case.places.iter().all(is_own) {
        return Claim::Proved;
    }
    // What another finding of the same principal describes stays.
    if case.others.iter().any(|other| other.principal == *case.principal()) {
        return Claim::Proved;
    }
    let policy = after.slots.get(&rules.slot).cloned().flatten().unwrap_or_default();
    let Ok(document) = parse_policy(&policy).sound() else {
        return unknown("the policy that would be written cannot be read");
    };
    let Some(asked) = request_box(case, (rules.resources)(case.arn())) else {
        return Claim::Proved;
    };
    let within = RequestBox { matching: vec![&asked], outside: Some(&case.zone), untrusted: false };
    match anything_allowed(&[vec![&document]], &within) {
        Answer::Holds => Claim::Proved,
        Answer::Unknown(limit) => unknown(limit.as_str()),
        Answer::Fails(found) => replayed(&document, &found.witness, "the principal still gets in"),
    }
}

/// A refutation, if the evaluator allows the request too.
fn replayed(
    document: &PolicyDocument,
    witness: &ringfence_policy::RequestContext,
    what: &str,
) -> Claim {
    match document_decision(document, witness) {
        Decision::Allowed => refuted(what, witness.to_scenario_json()),
        Decision::ImplicitlyDenied | Decision::ExplicitlyDenied => {
            unknown("engine and evaluator do not agree on a request")
        }
    }
}

/// All requests that the finding is about, as a statement they match. Nothing where the policy does not say with which
/// operator a condition of it is meant.
fn request_box(case: &Case<'_>, resources: Vec<String>) -> Option<Statement> {
    let (kind, who) = case.principal().entry();
    let written: Vec<Value> = case
        .places
        .iter()
        .filter_map(|place| {
            let Place::Statement(slot, at) = place else { return None };
            Some(text::statements(case.text(slot)?)?.get(*at)?.value.clone())
        })
        .collect();
    let mut conditions = Map::new();
    let labels: BTreeSet<(&String, &String)> =
        case.access.iter().flat_map(|own| &own.condition).collect();
    for (key, label) in labels {
        let operator = written.iter().find_map(|own| operator(own, key, label))?;
        let block = conditions.entry(operator).or_insert_with(|| json!({}));
        block.as_object_mut()?.insert(key.clone(), label.as_str().into());
    }
    let mut statement = json!({
        "Effect": "Allow", "Principal": { kind: who }, "Action": case.actions(),
    });
    if !resources.is_empty() {
        statement.as_object_mut()?.insert("Resource".into(), resources.into());
    }
    if !conditions.is_empty() {
        statement.as_object_mut()?.insert("Condition".into(), conditions.into());
    }
    let policy = json!({"Version": "2012-10-17", "Statement": statement});
    parse_policy(&policy.to_string()).document.statements.pop()
}

/// The operator under which a statement wants this value of this key.
fn operator(statement: &Value, key: &str, label: &str) -> Option<String> {
    let blocks = statement.get("Condition")?.as_object()?;
    let wants = |block: &Value| {
        let mut keys = block.as_object().into_iter().flatten();
        keys.any(|(own, values)| {
            own.eq_ignore_ascii_case(key) && texts(values).iter().any(|text| text == label)
        })
    };
    let found = blocks.iter().find(|(name, block)| !name.contains("Not") && wants(block));
    found.map(|(name, _)| name.clone())
}
