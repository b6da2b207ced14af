//! The Principal and NotPrincipal elements as clues about the caller.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>

use std::collections::BTreeSet;

use ringfence_policy::{Arn, Principal, PrincipalElement};

use super::caller::{Clue, field};
use super::pattern::{Case, Pattern};
use super::words::Field;

/// The partition that a principal's ARN names.
pub(crate) fn partition(principal: &Principal) -> Option<String> {
    match principal {
        Principal::Arn(arn) => Some(arn.partition.clone()),
        Principal::Account { partition, .. } => partition.clone(),
        Principal::Everyone
        | Principal::UniqueId(_)
        | Principal::Service(_)
        | Principal::Federated(_)
        | Principal::CanonicalUser(_)
        | Principal::Unrecognized { .. } => None,
    }
}

/// The clues to the callers that the element lists; nothing when it lists everyone.
pub(crate) fn named(element: &PrincipalElement) -> Option<BTreeSet<Clue>> {
    let mut clues = BTreeSet::new();
    for principal in &element.principals {
        if principal.value == Principal::Everyone {
            return None;
        }
        clues.extend(clue(&principal.value));
    }
    Some(clues)
}

/// The clue to the callers that one principal stands for; nothing when it stands for nobody, or for
/// everyone.
pub(crate) fn clue(principal: &Principal) -> Option<Clue> {
    match principal {
        Principal::Account { account, partition: None } => {
            Some(shows(field::ACCOUNT, account.as_str()))
        }
        Principal::Account { account, partition: Some(partition) } => {
            Some(shows(field::ACCOUNT_ARN, &format!("arn:{partition}:iam::{account}:root")))
        }
        Principal::Arn(arn) => {
            let text = arn.to_string();
            match (arn.service.as_str(), arn.resource.split('/').next()?) {
                ("iam", "user" | "role") | ("sts", "federated-user") => {
                    Some(shows(field::ARN, &text))
                }
                ("sts", "assumed-role") => Some(shows(field::SESSION_ARN, &text)),
                _ => None,
            }
        }
        Principal::Service(name) => Some(shows(field::SERVICE, name)),
        Principal::Federated(name) if name == "*" => Some(Clue::Has(field::FEDERATED)),
        Principal::Federated(name) => Some(shows(field::FEDERATED, name)),
        Principal::CanonicalUser(id) => Some(shows(field::CANONICAL, id)),
        Principal::Everyone | Principal::UniqueId(_) | Principal::Unrecognized { .. } => None,
    }
}

fn shows(field: Field, text: &str) -> Clue {
    Clue::Shows(field, Pattern::text(text, Case::Exact))
}

/// The clues to the callers that a Deny with NotPrincipal leaves alone: a root user whose account is
/// listed, a user who is listed with the account, a session that is listed with its role and account.
/// Nothing when the element lists everyone. Callers with a permissions boundary are not told apart.
pub(crate) fn exempt(element: &PrincipalElement) -> Option<BTreeSet<Clue>> {
    let listed: Vec<&Principal> = element.principals.iter().map(|p| &p.value).collect();
    let lists_account = |of: &Arn| {
        listed.iter().any(|principal| match principal {
            Principal::Account { account, partition } => {
                account.as_str() == of.account
                    && partition.as_ref().is_none_or(|partition| *partition == of.partition)
            }
            _ => false,
        })
    };
    let mut clues = BTreeSet::new();
    for principal in &listed {
        match principal {
            Principal::Everyone => return None,
            Principal::Arn(arn) if lists_account(arn) => match arn.resource.split_once('/') {
                Some(("user" | "federated-user", _)) => clues.extend(clue(principal)),
                Some(("assumed-role", session)) => clues.extend(sessions(&listed, arn, session)),
                _ => {}
            },
            // The ARN of an account's root user is the one that its principals show as the account.
            Principal::Account { account, partition } => {
                let partitions = match partition {
                    Some(partition) => vec![partition.as_str()],
                    None => vec!["aws", "aws-cn", "aws-us-gov"],
                };
                let root =
                    |partition| shows(field::ARN, &format!("arn:{partition}:iam::{account}:root"));
                clues.extend(partitions.into_iter().map(root));
            }
            Principal::Service(_) | Principal::Federated(_) | Principal::CanonicalUser(_) => {
                clues.extend(clue(principal));
            }
            Principal::Arn(_) | Principal::UniqueId(_) | Principal::Unrecognized { .. } => {}
        }
    }
    Some(clues)
}

/// The session of each listed role that has its name.
fn sessions(listed: &[&Principal], arn: &Arn, session: &str) -> Vec<Clue> {
    let Some((role_name, session_name)) = session.split_once('/') else { return Vec::new() };
    let role = |principal: &&Principal| match principal {
        Principal::Arn(role)
            if role.service == "iam"
                && role.partition == arn.partition
                && role.account == arn.account
                && role.resource.starts_with("role/")
                && role.resource.rsplit('/').next() == Some(role_name) =>
        {
            Some(shows(field::ROLE_AND_SESSION, &format!("{role} {session_name}")))
        }
        _ => None,
    };
    listed.iter().filter_map(role).collect()
}
