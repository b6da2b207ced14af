//! From an assignment to a concrete request.

use std::collections::BTreeMap;

use ringfence_policy::{Caller, ConditionKey, ContextValue, RequestContext};

use crate::problem::{ACTION, Assignment, IDENTITY, Problem, RESOURCE};
use crate::theory::attribute::{Choice, Name};
use crate::theory::identity::{Identity, Kind, reader};
use crate::theory::value::Test;

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
            Choice::Absent => continue,
            Choice::Value(value) => ContextValue::Single(value.to_text()),
            Choice::Values(values) => {
                ContextValue::Many(values.iter().map(crate::theory::value::Value::to_text).collect())
            }
        };
        context.insert(ConditionKey::new(&attribute.written), value);
    }
    let identity = assignment.get(IDENTITY).and_then(Choice::identity);
    if let Some(identity) = identity {
        identity_context(problem, identity, &mut context);
    }
    RequestContext {
        caller: identity.and_then(|own| Caller::parse(&own.caller_text())).unwrap_or(Caller::Anonymous),
        action: text(ACTION),
        resource: text(RESOURCE),
        resource_account: None,
        context,
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
    let reads_user_id = problem.attributes.get(IDENTITY).is_some_and(|own| {
        own.tests.iter().any(|test| match test {
            Test::Identity(test) => test.globs.iter().any(|(_, r, _)| *r == reader::USER_ID),
            _ => false,
        })
    });
    if reads_user_id && matches!(identity.kind, Kind::Role | Kind::User | Kind::FederatedUser) {
        put(ConditionKey::new("aws:userid"), word.text(reader::USER_ID));
    }
    if identity.having.contains(&reader::ORG_ID) {
        put(ConditionKey::new("aws:PrincipalOrgID"), word.text(reader::ORG_ID));
        let path = ContextValue::Many(vec![word.text(reader::ORG_PATH).to_owned()]);
        context.insert(ConditionKey::new("aws:PrincipalOrgPaths"), path);
    }
    for (key, own) in problem.optional_keys() {
        if identity.having.contains(&own) {
            let text = word.text(own).to_owned();
            context.insert(key.clone(), ContextValue::Single(text));
        }
    }
}
