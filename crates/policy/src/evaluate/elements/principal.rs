#![doc = include_str!("principal.md")]

use crate::arn::Arn;
use crate::document::{Polarity, Principal, PrincipalElement};
use crate::evaluate::facts::{Facts, last_segment};
use crate::location::Located;
use crate::request::Caller;

/// How directly a statement's Principal element stands for the caller. What else has to allow the request
/// depends on it: see the page of the resource policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::evaluate) enum Grant {
    /// Through its account, which decides who of it may.
    Account,
    /// Through its role.
    Role,
    /// Itself, or everyone.
    Direct,
}

/// The most direct way in which the element stands for the caller.
pub(in crate::evaluate) fn grant(element: &PrincipalElement, facts: &Facts<'_>) -> Option<Grant> {
    match element.polarity {
        Polarity::Plain => most_direct(&element.principals, facts),
        // AWS advises against Allow with NotPrincipal: everyone gets in who is not listed.
        Polarity::Not => match most_direct(&element.principals, facts) {
            None => Some(Grant::Direct),
            Some(_) => None,
        },
    }
}

fn most_direct(principals: &[Located<Principal>], facts: &Facts<'_>) -> Option<Grant> {
    principals.iter().filter_map(|principal| names(&principal.value, facts)).max()
}

/// Whether, and how, one principal of a policy stands for the caller.
fn names(principal: &Principal, facts: &Facts<'_>) -> Option<Grant> {
    let caller = facts.caller();
    match principal {
        Principal::Everyone => Some(Grant::Direct),
        Principal::Account { account, partition } => {
            let arn = caller.arn()?;
            let is_of_it = caller.account().as_ref() == Some(account)
                && partition.as_ref().is_none_or(|partition| *partition == arn.partition);
            let grant = match caller {
                Caller::Root { .. } => Grant::Direct,
                _ => Grant::Account,
            };
            is_of_it.then_some(grant)
        }
        Principal::Arn(named) => match caller {
            Caller::User { arn } | Caller::FederatedUser { arn } => {
                (arn == named).then_some(Grant::Direct)
            }
            Caller::Role { arn } => (arn == named).then_some(Grant::Role),
            Caller::AssumedRole { arn } if arn == named => Some(Grant::Direct),
            Caller::AssumedRole { arn } => is_session_of(arn, named, facts).then_some(Grant::Role),
            Caller::Anonymous
            | Caller::Service(_)
            | Caller::Root { .. }
            | Caller::Federated(_)
            | Caller::CanonicalUser(_) => None,
        },
        Principal::Service(name) => {
            matches!(caller, Caller::Service(caller) if caller == name).then_some(Grant::Direct)
        }
        Principal::Federated(name) => {
            matches!(caller, Caller::Federated(caller) if caller == name || name == "*")
                .then_some(Grant::Direct)
        }
        Principal::CanonicalUser(id) => {
            matches!(caller, Caller::CanonicalUser(caller) if caller == id)
                .then_some(Grant::Account)
        }
        Principal::UniqueId(_) | Principal::Unrecognized { .. } => None,
    }
}

/// Whether the session at `session` is one of the role at `role`. A session's ARN shows the role's name
/// but not its path; names are unique in an account whatever the path, so the name settles it unless
/// `aws:PrincipalArn` is given.
pub(super) fn is_session_of(session: &Arn, role: &Arn, facts: &Facts<'_>) -> bool {
    if !(role.service == "iam" && role.resource.starts_with("role/")) {
        return false;
    }
    if let Some(given) = facts.given_session_role() {
        return given == *role;
    }
    session.partition == role.partition
        && session.account == role.account
        && session.resource.split('/').nth(1) == Some(last_segment(&role.resource))
}
