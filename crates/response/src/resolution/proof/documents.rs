//! Policies before and after, compared by the reasoning engine.

use ringfence_policy::evaluate::{Decision, document_decision};
use ringfence_policy::{
    Effect, PolicyDocument, Principal, RequestContext, parse_policy, to_canonical_json,
};
use ringfence_reasoning::{
    Answer, RequestBox, anything_allowed, check_no_new_access, check_no_public_access,
};
use serde_json::{Value, json};

use super::{all, both, refuted, unknown};
use crate::plan::{Claim, Edit};
use crate::resolution::case::Case;
use crate::resolution::rules::{Administration, Anonymous};
use crate::resolution::slot_text;
use crate::resolution::strategies::Strategy;
use crate::slot::{Slot, Slots};

/// A policy before and after.
struct Change {
    before: PolicyDocument,
    after: PolicyDocument,
}

impl Change {
    fn of(edit: &Edit) -> Result<Self, Claim> {
        let read = |text: &Option<String>| match text {
            None => Ok(empty()),
            Some(text) => parse_policy(text)
                .sound()
                .map_err(|_| unknown("a policy before or after the change cannot be read")),
        };
        Ok(Self { before: read(&edit.before)?, after: read(&edit.after)? })
    }

    /// The Deny statements that are new, as a policy that allows what they deny, but not what was denied before.
    fn newly_denied(&self) -> PolicyDocument {
        let known: Vec<Value> = statements(&self.before);
        let new = statements(&self.after);
        let mut document = self.before.clone();
        document.statements.retain(|own| own.effect.value == Effect::Deny);
        for (statement, text) in self.after.statements.iter().zip(new) {
            if statement.effect.value == Effect::Deny && !known.contains(&text) {
                let mut flipped = statement.clone();
                flipped.effect.value = Effect::Allow;
                document.statements.push(flipped);
            }
        }
        numbered(document)
    }
}

fn statements(document: &PolicyDocument) -> Vec<Value> {
    let own = to_canonical_json(document);
    own.get("Statement").and_then(Value::as_array).cloned().unwrap_or_default()
}

fn empty() -> PolicyDocument {
    read(&[])
}

fn read(statements: &[Value]) -> PolicyDocument {
    let policy = json!({"Version": "2012-10-17", "Statement": statements});
    parse_policy(&policy.to_string()).document
}

fn numbered(mut document: PolicyDocument) -> PolicyDocument {
    for (index, statement) in document.statements.iter_mut().enumerate() {
        statement.index = index;
    }
    document
}

/// The policy for principals of the zone of trust and AWS's services only.
fn inside(case: &Case<'_>, document: &PolicyDocument) -> PolicyDocument {
    let denied = |key: &str, values: Value| {
        json!({
            "Effect": "Deny", "Principal": "*", "Action": "*",
            "Condition": {
                "StringNotEquals": { key: values },
                "BoolIfExists": { "aws:PrincipalIsAWSService": "false" },
            },
        })
    };
    let mut guards = vec![denied("aws:PrincipalAccount", json!(*case.zone.accounts))];
    if let Some(id) = &case.zone.organization {
        // Every principal of the organization's accounts shows its id.
        guards.push(denied("aws:PrincipalOrgID", json!(id)));
    }
    with(document, &guards)
}

fn with(document: &PolicyDocument, more: &[Value]) -> PolicyDocument {
    let mut document = document.clone();
    document.statements.extend(read(more).statements);
    numbered(document)
}

/// Nothing that anyone inside the zone of trust could do is lost.
pub(super) fn keeps(case: &Case<'_>, strategy: &Strategy, edit: &Edit) -> Claim {
    let change = match Change::of(edit) {
        Ok(change) => change,
        Err(claim) => return claim,
    };
    // What identity policies allow is lost to a new Deny as well, so nobody inside may meet it at all.
    let denied = inside(case, &change.newly_denied());
    let denied = match anything_allowed(&[vec![&denied]], &RequestBox::default()) {
        Answer::Holds => Claim::Proved,
        Answer::Unknown(limit) => unknown(limit.as_str()),
        Answer::Fails(found) => {
            let shows = document_decision(&denied, &found.witness) == Decision::Allowed;
            shown(shows, "somebody inside the zone of trust is denied", &found.witness)
        }
    };
    let allowed = lost(&change, &inside(case, &change.before), "somebody inside the zone of trust");
    all([denied, allowed, anonymous(strategy, edit, &change), denies_unread(&change)].into_iter())
}

/// What `before` allows and the policy after the change does not.
fn lost(change: &Change, before: &PolicyDocument, who: &str) -> Claim {
    match check_no_new_access(&change.after, before) {
        Answer::Holds => Claim::Proved,
        Answer::Unknown(limit) => unknown(limit.as_str()),
        Answer::Fails(found) => {
            let shows = document_decision(before, &found.witness) == Decision::Allowed
                && document_decision(&change.after, &found.witness) != Decision::Allowed;
            shown(shows, &format!("{who} loses what the policy allowed"), &found.witness)
        }
    }
}

fn shown(agrees: bool, what: &str, witness: &RequestContext) -> Claim {
    match agrees {
        true => refuted(what, witness.to_scenario_json()),
        false => unknown("engine and evaluator do not agree on a request"),
    }
}

/// Where callers without credentials may be one's own, they lose nothing.
fn anonymous(strategy: &Strategy, edit: &Edit, change: &Change) -> Claim {
    let own = strategy.policy.as_ref().filter(|rules| rules.slot == edit.slot);
    match own.map(|rules| rules.anonymous) {
        Some(Anonymous::MayBeOwn) => {
            let only = json!({
                "Effect": "Deny", "Principal": "*", "Action": "*",
                "Condition": { "StringNotEqualsIfExists": { "aws:PrincipalType": "Anonymous" } },
            });
            let services = json!({
                "Effect": "Deny", "Principal": "*", "Action": "*",
                "Condition": { "Null": { "aws:PrincipalType": "true" } },
            });
            lost(change, &with(&change.before, &[only, services]), "a client without credentials")
        }
        Some(Anonymous::Nobody) | None => Claim::Proved,
    }
}

/// Principals that are not understood, such as a CloudFront origin access identity, may be one's own: a new Deny for
/// everybody may be for them too.
fn denies_unread(change: &Change) -> Claim {
    let denies_all = change.newly_denied().allow_statements().any(|own| {
        let mut all = own.principal.iter().flat_map(|own| &own.principals);
        all.any(|own| own.value == Principal::Everyone)
    });
    match unread(&change.before) {
        Some(text) if denies_all => {
            unknown(format!("whether the Deny is for `{text}` too, which the policy lets in"))
        }
        Some(_) | None => Claim::Proved,
    }
}

/// Somebody whom the policy lets in and of whom it is not known who it is.
pub(super) fn unread(document: &PolicyDocument) -> Option<String> {
    let elements = document.allow_statements().filter_map(|own| own.principal.as_ref());
    elements.flat_map(|own| &own.principals).find_map(|own| match &own.value {
        Principal::Unrecognized { text, .. } => Some(text.clone()),
        // Of no account: `arn:aws:iam::cloudfront:user/…`.
        Principal::Arn(arn) if arn.account_id().is_none() => Some(arn.to_string()),
        _ => None,
    })
}

/// Nothing is allowed that was not before.
pub(super) fn adds_nothing(case: &Case<'_>, edit: &Edit, after: &Slots) -> Claim {
    let change = match Change::of(edit) {
        Ok(change) => change,
        Err(claim) => return claim,
    };
    let allowed = match check_no_new_access(&change.before, &change.after) {
        Answer::Holds => Claim::Proved,
        // Whatever the values of policy variables are.
        Answer::Unknown(_) if only_takes(&change) => Claim::Proved,
        Answer::Unknown(limit) => unknown(limit.as_str()),
        Answer::Fails(found) => {
            let shows = document_decision(&change.after, &found.witness) == Decision::Allowed
                && document_decision(&change.before, &found.witness) != Decision::Allowed;
            shown(shows, "the policy allows what it did not", &found.witness)
        }
    };
    both(allowed, unblocked(case, edit, &change, after))
}

/// Whether the policy after is the one before with more that denies or less that allows.
fn only_takes(change: &Change) -> bool {
    let (before, after) = (statements(&change.before), statements(&change.after));
    let is_deny = |own: &Value| own.get("Effect").and_then(Value::as_str) == Some("Deny");
    after.iter().all(|own| is_deny(own) || before.contains(own))
        && before.iter().filter(|own| is_deny(own)).all(|own| after.contains(own))
}

/// Block Public Access holds back a public policy as a whole. A change after which it is not public any more would let
/// in whom else it names.
fn unblocked(case: &Case<'_>, edit: &Edit, change: &Change, after: &Slots) -> Claim {
    let blocks = match &edit.slot {
        Slot::BucketPolicy | Slot::AccessPointPolicy { .. } => {
            let own = after.get(&Slot::BucketPublicAccessBlock).cloned().flatten();
            let own = own.and_then(|text| slot_text::read_public_access_block(&text).ok());
            let account = case.situation.inventory.accounts.get(&case.resource.account);
            let account = account.and_then(|own| own.s3_public_access_block);
            own.is_some_and(|own| own.restrict_public_buckets)
                || account.is_some_and(|own| own.restrict_public_buckets)
        }
        Slot::DirectoryBucketPolicy => true,
        _ => false,
    };
    if !blocks || !matches!(check_no_public_access(&change.before), Answer::Fails(_)) {
        return Claim::Proved;
    }
    match check_no_public_access(&change.after) {
        Answer::Fails(_) => Claim::Proved,
        Answer::Holds | Answer::Unknown(_) => refuted(
            "the policy would not be public any more, and Block Public Access would not hold back whom else it names",
            Value::Null,
        ),
    }
}

/// The account can still administer the resource.
pub(super) fn administrable(case: &Case<'_>, strategy: &Strategy, edit: &Edit) -> Claim {
    let own = strategy.policy.as_ref().filter(|rules| rules.slot == edit.slot);
    let Some(rules) = own else { return Claim::Proved };
    let change = match Change::of(edit) {
        Ok(change) => change,
        Err(claim) => return claim,
    };
    match rules.administration {
        Administration::IdentityPolicies => Claim::Proved,
        Administration::NotDenied(actions) => not_denied(case, &change, actions),
        Administration::Allowed(action) => {
            both(not_denied(case, &change, &[action]), allowed(case, &change.after, action))
        }
    }
}

/// No new Deny is for the account's own principals.
fn not_denied(case: &Case<'_>, change: &Change, actions: &[&str]) -> Claim {
    let denied = change.newly_denied();
    match asked(case, &denied, actions) {
        Answer::Holds => Claim::Proved,
        Answer::Unknown(limit) => unknown(limit.as_str()),
        Answer::Fails(found) => {
            let shows = document_decision(&denied, &found.witness) == Decision::Allowed;
            shown(shows, "the account would be denied to change the policy again", &found.witness)
        }
    }
}

/// The policy lets somebody of the account change it.
fn allowed(case: &Case<'_>, after: &PolicyDocument, action: &str) -> Claim {
    match asked(case, after, &[action]) {
        Answer::Fails(found) if document_decision(after, &found.witness) == Decision::Allowed => {
            Claim::Proved
        }
        Answer::Fails(_) => unknown("engine and evaluator do not agree on a request"),
        Answer::Unknown(limit) => unknown(limit.as_str()),
        Answer::Holds => refuted(
            format!("the policy lets nobody of the account `{}` do `{action}`", case.account()),
            Value::Null,
        ),
    }
}

/// Whether the account's own principals are allowed any of these actions.
fn asked(case: &Case<'_>, document: &PolicyDocument, actions: &[&str]) -> Answer {
    let asked = read(&[json!({
        "Effect": "Allow", "Principal": { "AWS": case.account() }, "Action": actions,
    })]);
    let within =
        RequestBox { matching: asked.statements.iter().collect(), outside: None, untrusted: false };
    // With the guards nobody shows an organization that is not the own one.
    anything_allowed(&[vec![&own_organization(case, document)]], &within)
}

fn own_organization(case: &Case<'_>, document: &PolicyDocument) -> PolicyDocument {
    match &case.zone.organization {
        Some(_) => inside(case, document),
        None => document.clone(),
    }
}
