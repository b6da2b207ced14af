//! The elements of a statement, one file and one page each: what each says of a request.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>

mod action;
mod not_principal;
mod policy_variables;
mod principal;
mod resource;

pub(super) use policy_variables::resolve;
pub(super) use principal::{Grant, grant};

use super::condition;
use super::facts::Facts;
use crate::document::{Effect, Polarity, PrincipalElement, Statement};

/// Whether every element of the statement matches the request.
pub(super) fn match_request(statement: &Statement, facts: &Facts<'_>) -> bool {
    let Statement { principal, action, resource, conditions, .. } = statement;
    principal.as_ref().is_none_or(|element| is_about_caller(element, statement, facts))
        && action::matches(action, facts)
        && resource.as_ref().is_none_or(|element| resource::matches(element, facts))
        && conditions.iter().all(|condition| condition::holds(condition, facts))
}

fn is_about_caller(element: &PrincipalElement, statement: &Statement, facts: &Facts<'_>) -> bool {
    match (element.polarity, statement.effect.value) {
        (Polarity::Not, Effect::Deny) => !not_principal::is_exempt(&element.principals, facts),
        (Polarity::Not, Effect::Allow) | (Polarity::Plain, _) => grant(element, facts).is_some(),
    }
}
