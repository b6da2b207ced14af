//! From an assignment to a concrete request.

use std::collections::BTreeMap;

use ringfence_policy::{Caller, ConditionKey, ContextValue, RequestContext};

use crate::problem::{ACTION, Assignment, IDENTITY, Problem, RESOURCE};
use crate::theory::attribute::{Choice, Name};
use crate::theory::identity::{Identity, Kind, Presence, reader, shown};

/// The request that `assignment` describes. Keys that follow from the caller are given only where the
/// caller's name does not say them.
pub(crate) fn request(problem: &Problem, assignment: &Assignment) -> RequestContext {
    let text = |attribute: usize| match assignment.get(attribute) {
        Some(Choice::Value(value)) => value.to_text(),
        _ => String::new(),
    };
    let mut context = BTreeMap::new();
    for (attribute, choice) in problem.attributes.iter().zip(assignment) {
        let Name::Key(_) = &attribute.name else { continue };
        let value = match choice {
            // An empty list says that a key is absent that would otherwise follow from the resource.
            Choice::Absent if attribute.written.eq_ignore_ascii_case("aws:ResourceAccount") => {
                ContextValue::Many(Vec::new())
            }
            Choice::Absent => continue,
            Choice::Value(value) => ContextValue::Single(value.to_text()),
            Choice::Values(values) => ContextValue::Many(
                values.iter().map(crate::theory::value::Value::to_text).collect(),
            ),
        };
        context.insert(ConditionKey::new(&attribute.written), value);
    }
    let identity = assignment.get(IDENTITY).and_then(Choice::identity);
    if let Some(identity) = identity {
        identity_context(problem, identity, &mut context);
    }
    RequestContext {
        caller: identity.and_then(caller).unwrap_or(Caller::Anonymous),
        action: text(ACTION),
        resource: text(RESOURCE),
        resource_account: None,
        context,
    }
}

fn caller(identity: &Identity) -> Option<Caller> {
    let text = identity.caller_text();
    match identity.kind {
        Kind::Anonymous => Some(Caller::Anonymous),
        Kind::Service => Some(Caller::Service(text)),
        Kind::Federated => Some(Caller::Federated(text)),
        Kind::CanonicalUser => Some(Caller::CanonicalUser(text)),
        Kind::Role | Kind::User | Kind::Root | Kind::FederatedUser => Caller::parse(&text),
    }
}

fn identity_context(
    problem: &Problem,
    identity: &Identity,
    context: &mut BTreeMap<ConditionKey, ContextValue>,
) {
    let mut put = |key: ConditionKey, text: &str| {
        context.insert(key, ContextValue::Single(text.to_owned()));
    };
    let word = &identity.word;
    if identity.kind == Kind::Role {
        // The session's ARN does not say the role's path.
        put(ConditionKey::new("aws:PrincipalArn"), word.text(reader::ARN));
    }
    for (key, own) in problem.identity_keys() {
        let has = match own.presence {
            Presence::Always(kinds) => kinds.contains(identity.kind),
            Presence::Optional(kinds, group) => {
                kinds.contains(identity.kind) && identity.having.contains(&group)
            }
        };
        if has {
            put(key.clone(), word.text(shown(own.reader)));
        }
    }
}
