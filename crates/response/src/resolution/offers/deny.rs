//! Statements that deny what the finding allows.
//!
//! A Deny is written after the statement that lets in: its actions, its resources, and for a finding with conditions its
//! conditions, so that it denies what that statement allows and nothing else. Where everybody is let in it says for whom
//! it is not: principals of the zone of trust, by `aws:PrincipalAccount` or `aws:PrincipalOrgID`, and AWS's services, by
//! `aws:PrincipalIsAWSService`.
//!
//! - A negated operator matches where the key is absent, so callers without an account are denied: anonymous ones and
//!   those of identity providers.
//! - `aws:PrincipalIsAWSService` is absent from unsigned requests; `BoolIfExists` with `false` then matches, and they are
//!   denied. It is true only where a service calls with its own principal. What a service does on behalf of a principal
//!   (`aws:ViaAWSService`) carries that principal's account, and so do service-linked roles.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html>

use ringfence_access::observation::ObservedPrincipal;
use serde_json::{Value, json};

use crate::plan::Means;
use crate::resolution::candidate::Candidate;
use crate::resolution::case::{Case, normal};
use crate::resolution::draft::{
    Conditions, Draft, merged, narrowed, one_or_many, texts, with_condition,
};
use crate::resolution::rules::{PolicyRules, fits};
use crate::resolution::slots::Place;
use crate::resolution::{sid, text};
use crate::slot::Slot;

/// What lets the principal in, as far as a Deny is written after it.
struct Opening {
    /// The principal as the policy writes it; nothing where it is let in as one of many.
    principal: Option<Value>,
    /// Everybody as the policy writes it.
    everybody: Value,
    /// The actions as they are written; nothing for NotAction and for what is no statement.
    actions: Option<Vec<String>>,
    resources: Vec<String>,
    conditions: Conditions,
}

/// Which conditions a Deny has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Under {
    /// None but for whom it is not.
    Any,
    /// Those of the statement that lets in.
    Own,
}

/// How actions are said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Actions {
    /// As the statement writes them.
    Written,
    /// One by one, as the finding has them.
    Listed,
}

/// Whether it says for whom it is not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sparing {
    Nobody,
    Zone,
}

/// The Deny statements that may close the finding, the shortest first.
pub(in crate::resolution) fn deny(case: &Case<'_>, rules: &PolicyRules) -> Vec<Candidate> {
    if !case.was_read(&rules.slot) {
        return Vec::new();
    }
    let Some(openings) = openings(case, rules) else { return Vec::new() };
    let has_condition = case.access.iter().any(|own| !own.condition.is_empty());
    // A Deny for everybody would hold for whoever is let in later, so it is for no more than it has to be.
    let is_for_all = openings.iter().any(|own| own.principal.is_none());
    let under = match has_condition || is_for_all {
        true => [Under::Own, Under::Any],
        false => [Under::Any, Under::Own],
    };
    let mut all: Vec<Candidate> = Vec::new();
    for under in under {
        for actions in [Actions::Written, Actions::Listed] {
            for sparing in [Sparing::Nobody, Sparing::Zone] {
                let new = candidate(case, rules, &openings, (under, actions, sparing));
                all.extend(new.filter(|own| !all.contains(own)));
            }
        }
    }
    all
}

fn candidate(
    case: &Case<'_>,
    rules: &PolicyRules,
    openings: &[Opening],
    (under, actions, sparing): (Under, Actions, Sparing),
) -> Option<Candidate> {
    let is_for_all = openings.iter().any(|own| own.principal.is_none());
    match (is_for_all, sparing, under) {
        // Without a condition it would be for everybody whatsoever.
        (true, Sparing::Nobody, Under::Any) | (false, Sparing::Zone, _) => return None,
        _ => {}
    }
    let mut drafts = Vec::new();
    for opening in openings {
        let mut conditions = match under {
            Under::Any => Conditions::new(),
            Under::Own => opening.conditions.clone(),
        };
        if is_for_all && sparing == Sparing::Nobody && conditions.is_empty() {
            return None;
        }
        if sparing == Sparing::Zone {
            conditions = spared(case, conditions)?;
        }
        let actions = match actions {
            Actions::Written => opening.actions.clone()?,
            Actions::Listed => case.actions(),
        };
        let resources = opening.resources.clone();
        let principal = match is_for_all {
            true => opening.everybody.clone(),
            false => opening.principal.clone()?,
        };
        drafts.push(Draft { principal, actions, resources, conditions });
    }
    let before = case.text(&rules.slot);
    let statements = written(case, before, &merged(drafts))?;
    let after = match before {
        Some(policy) => text::append(policy, &statements)?,
        None => text::policy(&statements),
    };
    if !fits(rules, &after, &statements) {
        return None;
    }
    let means = if is_for_all { Means::ConditionalDeny } else { Means::Deny };
    let mut candidate = Candidate::of(case, means, &rules.slot, Some(after));
    candidate.sid = statements.first().and_then(|own| own.get("Sid")?.as_str().map(str::to_owned));
    Some(candidate)
}

/// The statements with Sids that the policy does not have yet.
fn written(case: &Case<'_>, before: Option<&str>, drafts: &[Draft]) -> Option<Vec<Value>> {
    let own = match before {
        Some(policy) => text::statements(policy)?,
        None => Vec::new(),
    };
    let taken: Vec<&str> =
        own.iter().filter_map(|own| own.value.get("Sid").and_then(Value::as_str)).collect();
    let mut free = (0..).map(|number| sid::numbered(&case.sid, number));
    let mut next = || free.find(|own| !taken.contains(&own.as_str()));
    drafts.iter().map(|draft| Some(draft.statement(&next()?))).collect()
}

/// The conditions with those that spare the zone of trust and AWS's services.
fn spared(case: &Case<'_>, conditions: Conditions) -> Option<Conditions> {
    let (key, values) = match &case.zone.organization {
        Some(id) => ("aws:PrincipalOrgID", vec![id.clone()]),
        None => ("aws:PrincipalAccount", vec![case.account().to_owned()]),
    };
    let conditions = with_condition(conditions, "StringNotEquals", key, &values)?;
    let is_service = ["false".to_owned()];
    with_condition(conditions, "BoolIfExists", "aws:PrincipalIsAWSService", &is_service)
}

/// What lets the principal in; nothing where the policy cannot be read.
fn openings(case: &Case<'_>, rules: &PolicyRules) -> Option<Vec<Opening>> {
    let is_point = |own: &&Place| matches!(own.slot(), Slot::AccessPointPolicy { .. });
    let through = case.places.iter().any(|own| is_point(&own));
    let is_direct = case
        .access
        .iter()
        .flat_map(|own| &own.sources)
        .any(|own| *own == ringfence_access::observation::Source::Policy);
    let mut all = Vec::new();
    for place in &case.places {
        match place {
            // What lets access points decide lets nobody in alone.
            Place::Statement(slot, _) if *slot == rules.slot && through && !is_direct => {}
            Place::Statement(slot, at) => {
                let policy = text::statements(case.text(slot)?)?;
                let mut own = opening(case, rules, &policy.get(*at)?.value);
                if let Slot::AccessPointPolicy { access_point_arn } = slot {
                    let key = match slot_prefix(rules) {
                        Prefix::Bucket => "s3:DataAccessPointArn",
                        Prefix::DirectoryBucket => "s3express:DataAccessPointArn",
                    };
                    let arn = [access_point_arn.clone()];
                    own.conditions = with_condition(own.conditions, "StringEquals", key, &arn)?;
                    own.resources = (rules.resources)(case.arn());
                }
                all.push(own);
            }
            Place::Entry(..) => all.push(Opening {
                principal: principal(case, None),
                everybody: json!("*"),
                actions: None,
                resources: (rules.resources)(case.arn()),
                conditions: Conditions::new(),
            }),
        }
    }
    (!all.is_empty()).then_some(all)
}

enum Prefix {
    Bucket,
    DirectoryBucket,
}

fn slot_prefix(rules: &PolicyRules) -> Prefix {
    match rules.slot {
        Slot::DirectoryBucketPolicy => Prefix::DirectoryBucket,
        _ => Prefix::Bucket,
    }
}

fn opening(case: &Case<'_>, rules: &PolicyRules, statement: &Value) -> Opening {
    let mut conditions =
        statement.get("Condition").and_then(Value::as_object).cloned().unwrap_or_default();
    for (key, label) in case.access.iter().flat_map(|own| &own.condition) {
        conditions = narrowed(conditions, key, label);
        // What another statement excludes is a condition of the finding too.
        if !wants(&conditions, key, label)
            && let Some(operator) = operator(case, rules, key, label)
        {
            let label = [label.clone()];
            let more = with_condition(conditions.clone(), &operator, key, &label);
            conditions = more.unwrap_or(conditions);
        }
    }
    Opening {
        principal: principal(case, Some(statement)),
        everybody: everybody(rules, statement),
        actions: statement.get("Action").map(texts),
        resources: match (statement.get("Resource"), statement.get("NotResource")) {
            // The policy is about what it is attached to, and some services want it by name.
            (Some(own), _) if texts(own) == ["*"] => (rules.resources)(case.arn()),
            (Some(own), _) => texts(own),
            (None, Some(_)) => (rules.resources)(case.arn()),
            // Where a statement may be without, the resource is meant.
            (None, None) => (rules.resources)(case.arn()),
        },
        conditions,
    }
}

/// Whether the conditions have this one value for the key.
fn wants(conditions: &Conditions, key: &str, label: &str) -> bool {
    conditions.iter().filter(|(operator, _)| !operator.contains("Not")).any(|(_, block)| {
        let mut keys = block.as_object().into_iter().flatten();
        keys.any(|(own, values)| own.eq_ignore_ascii_case(key) && texts(values) == [label])
    })
}

/// The operator by which a request has this value of the key, after a statement that has it or excludes it.
fn operator(case: &Case<'_>, rules: &PolicyRules, key: &str, label: &str) -> Option<String> {
    let policy = text::statements(case.text(&rules.slot)?)?;
    policy.iter().find_map(|own| {
        let blocks = own.value.get("Condition")?.as_object()?;
        let has = |block: &Value| {
            let mut keys = block.as_object().into_iter().flatten();
            keys.any(|(own, values)| {
                own.eq_ignore_ascii_case(key) && texts(values).iter().any(|text| text == label)
            })
        };
        let (name, _) = blocks.iter().find(|(name, block)| *name != "Null" && has(block))?;
        let name = name.strip_suffix("IfExists").unwrap_or(name);
        Some(name.rsplit(':').next().unwrap_or(name).replace("Not", ""))
    })
}

/// Everybody as `statement` writes it. In a role's trust policy it cannot be said without `AWS`.
fn everybody(rules: &PolicyRules, statement: &Value) -> Value {
    let written = statement.get("Principal").filter(|own| {
        own.as_str() == Some("*") || own.get("AWS").is_some_and(|own| texts(own) == ["*"])
    });
    match written {
        Some(Value::Object(_)) => json!({ "AWS": "*" }),
        Some(_) | None if rules.slot == Slot::RoleTrustPolicy => json!({ "AWS": "*" }),
        Some(_) | None => json!("*"),
    }
}

/// The finding's principal as `statement` writes it. Nothing where it is everybody, or let in as one of many.
fn principal(case: &Case<'_>, statement: Option<&Value>) -> Option<Value> {
    let (kind, who) = case.principal().entry();
    if matches!(case.principal(), ObservedPrincipal::Aws(text) if text == "*") {
        return None;
    }
    let Some(statement) = statement else { return Some(json!({ kind: who })) };
    let named = texts(statement.get("Principal")?.get(kind)?);
    let written: Vec<String> =
        named.into_iter().filter(|own| normal(own) == normal(who)).take(1).collect();
    (!written.is_empty()).then(|| json!({ kind: one_or_many(&written) }))
}
