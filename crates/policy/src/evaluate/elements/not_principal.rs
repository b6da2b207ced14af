#![doc = include_str!("not_principal.md")]

use super::principal::is_session_of;
use crate::arn::Arn;
use crate::document::Principal;
use crate::evaluate::facts::{Boundary, Facts};
use crate::location::Located;
use crate::request::Caller;

/// Whether a Deny statement with NotPrincipal leaves the caller out.
pub(in crate::evaluate) fn is_exempt(listed: &[Located<Principal>], facts: &Facts<'_>) -> bool {
    let lists = |principal: &Principal| listed.iter().any(|listed| listed.value == *principal);
    let lists_arn = |arn: &Arn| lists(&Principal::Arn(arn.clone()));
    let lists_account = |of: &Arn| listed.iter().any(|listed| is_account(&listed.value, of));
    if facts.boundary == Boundary::Attached {
        return false;
    }
    if lists(&Principal::Everyone) {
        return true;
    }
    match facts.caller() {
        Caller::Anonymous => false,
        Caller::Root { arn } => lists_account(arn),
        Caller::User { arn } | Caller::FederatedUser { arn } => {
            lists_account(arn) && lists_arn(arn)
        }
        Caller::AssumedRole { arn } => {
            let lists_role = listed.iter().any(|listed| match &listed.value {
                Principal::Arn(role) => is_session_of(arn, role, facts),
                _ => false,
            });
            lists_account(arn) && lists_role && lists_arn(arn)
        }
        // Which session it is, is not known, so none can be known to be listed.
        Caller::Role { .. } => false,
        Caller::Service(name) => lists(&Principal::Service(name.clone())),
        Caller::Federated(provider) => {
            lists(&Principal::Federated(provider.clone()))
                || lists(&Principal::Federated("*".into()))
        }
        Caller::CanonicalUser(id) => lists(&Principal::CanonicalUser(id.clone())),
    }
}

/// Whether `principal` is the account of `of`.
fn is_account(principal: &Principal, of: &Arn) -> bool {
    match principal {
        Principal::Account { account, partition } => {
            account.as_str() == of.account
                && partition.as_ref().is_none_or(|partition| *partition == of.partition)
        }
        _ => false,
    }
}
