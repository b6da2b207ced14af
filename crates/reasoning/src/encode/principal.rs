//! The Principal and NotPrincipal elements as tests on the identity.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>

use std::collections::BTreeSet;

use ringfence_policy::{
    AccountId, Arn, Effect, Partition, Polarity, Principal, PrincipalElement, Statement,
};

use super::{Part, literal};
use crate::problem::Problem;
use crate::theory::glob::{Case, Glob};
use crate::theory::identity::{IdentityTest, Kind, Kinds, reader};
use crate::theory::template::Reader;

pub(super) fn principal(problem: &mut Problem, element: &PrincipalElement, effect: Effect) -> Part {
    let named: Vec<&Principal> = element.principals.iter().map(|p| &p.value).collect();
    let everyone = named.iter().any(|principal| matches!(principal, Principal::Everyone));
    match (element.polarity, effect) {
        (Polarity::Plain, _) if everyone => Part::Always,
        (Polarity::Not, _) if everyone => Part::Never,
        (Polarity::Plain, _) => {
            let test = named_test(&named, &problem.partitions);
            literal(problem.identity_literal(test, true))
        }
        (Polarity::Not, Effect::Allow) => {
            let test = named_test(&named, &problem.partitions);
            literal(problem.identity_literal(test, false))
        }
        (Polarity::Not, Effect::Deny) => {
            let test = exempted_test(&named, &problem.partitions);
            literal(problem.identity_literal(test, false))
        }
    }
}

fn exactly(text: &str) -> Glob {
    Glob::literal(text, Case::Sensitive)
}

/// True for the callers that one of `named` stands for.
pub(crate) fn named_test(named: &[&Principal], partitions: &BTreeSet<String>) -> IdentityTest {
    let mut test = IdentityTest::default();
    for principal in named {
        match principal {
            Principal::Everyone => test.always = Kinds::all(),
            Principal::Account { account, partition } => {
                let (reader, text) = account_text(account, partition.as_deref(), partitions);
                test.globs.push((Kinds::of_accounts(), reader, text));
            }
            Principal::Arn(arn) => test.globs.extend(arn_test(arn)),
            Principal::Service(name) => {
                test.globs.push((Kinds::of(&[Kind::Service]), reader::SERVICE, exactly(name)));
            }
            Principal::Federated(name) if name == "*" => {
                test.always = test.always.union(Kinds::of(&[Kind::Federated]));
            }
            Principal::Federated(name) => {
                test.globs.push((Kinds::of(&[Kind::Federated]), reader::FEDERATED, exactly(name)));
            }
            Principal::CanonicalUser(id) => {
                let kinds = Kinds::of(&[Kind::CanonicalUser]);
                test.globs.push((kinds, reader::CANONICAL, exactly(id)));
            }
            Principal::UniqueId(_) | Principal::Unrecognized { .. } => {}
        }
    }
    test
}

/// The kind of caller an ARN names, and the text it is compared with.
fn arn_test(arn: &Arn) -> Option<(Kinds, u8, Glob)> {
    let text = exactly(&arn.to_string());
    let kind = arn.resource.split('/').next()?;
    Some(match (arn.service.as_str(), kind) {
        ("iam", "role") => (Kinds::of(&[Kind::Role]), reader::ARN, text),
        ("iam", "user") => (Kinds::of(&[Kind::User]), reader::ARN, text),
        ("sts", "assumed-role") => (Kinds::of(&[Kind::Role]), reader::SESSION_ARN, text),
        ("sts", "federated-user") => (Kinds::of(&[Kind::FederatedUser]), reader::ARN, text),
        _ => return None,
    })
}

/// What says that a caller belongs to an account: its id, or where callers of several partitions come
/// up, the ARN.
fn account_text(
    account: &AccountId,
    partition: Option<&str>,
    partitions: &BTreeSet<String>,
) -> (Reader, Glob) {
    match partition {
        Some(partition) if partitions.iter().any(|known| known != partition) => {
            (reader::ACCOUNT_ARN, exactly(&format!("arn:{partition}:iam::{account}:root")))
        }
        Some(_) | None => (reader::ACCOUNT, exactly(account.as_str())),
    }
}

/// True for the callers that a Deny with NotPrincipal leaves alone: a session only when its session,
/// its role and its account are all named, a user only when its account is named too.
fn exempted_test(named: &[&Principal], partitions: &BTreeSet<String>) -> IdentityTest {
    let account_named = |arn: &Arn| {
        named.iter().any(|principal| match principal {
            Principal::Account { account, partition } => {
                account.as_str() == arn.account
                    && partition.as_ref().is_none_or(|partition| *partition == arn.partition)
            }
            _ => false,
        })
    };
    let mut test = IdentityTest::default();
    for principal in named {
        match principal {
            Principal::Arn(arn) if account_named(arn) => {
                if arn.resource.starts_with("assumed-role/") {
                    test.globs.extend(exempted_sessions(arn, named));
                } else if !arn.resource.starts_with("role/") {
                    test.globs.extend(arn_test(arn));
                }
            }
            Principal::Arn(_) | Principal::UniqueId(_) | Principal::Unrecognized { .. } => {}
            Principal::Account { account, partition } => {
                let (reader, text) = account_text(account, partition.as_deref(), partitions);
                test.globs.push((Kinds::of(&[Kind::Root]), reader, text));
            }
            Principal::Everyone
            | Principal::Service(_)
            | Principal::Federated(_)
            | Principal::CanonicalUser(_) => {
                let own = named_test(&[principal], partitions);
                test.always = test.always.union(own.always);
                test.globs.extend(own.globs);
            }
        }
    }
    test
}

/// The session `session` of each role that is named too.
fn exempted_sessions(session: &Arn, named: &[&Principal]) -> Vec<(Kinds, Reader, Glob)> {
    let mut parts = session.resource.split('/').skip(1);
    let (Some(role), Some(name)) = (parts.next(), parts.next()) else { return Vec::new() };
    let roles = named.iter().filter_map(|principal| match principal {
        Principal::Arn(arn)
            if arn.service == "iam"
                && arn.partition == session.partition
                && arn.account == session.account
                && arn.resource.starts_with("role/")
                && arn.resource.rsplit('/').next() == Some(role) =>
        {
            Some(exactly(&format!("{arn} {name}")))
        }
        _ => None,
    });
    roles.map(|text| (Kinds::of(&[Kind::Role]), reader::ROLE_AND_SESSION, text)).collect()
}

/// The partitions that callers may be of: those that the statements name, in principals and in ARNs of any
/// other element. Partitions know nothing of each other, so a policy is about its own.
/// <https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html>
pub(crate) fn partitions<'s>(statements: impl Iterator<Item = &'s Statement>) -> BTreeSet<String> {
    let mut partitions = BTreeSet::new();
    for statement in statements {
        for principal in statement.principal.iter().flat_map(|element| &element.principals) {
            match &principal.value {
                Principal::Arn(arn) => partitions.extend([arn.partition.clone()]),
                Principal::Account { partition, .. } => partitions.extend(partition.clone()),
                _ => {}
            }
        }
        let resources = statement.resource.iter().flat_map(|element| &element.patterns);
        let values = statement.conditions.iter().flat_map(|condition| &condition.values);
        for pattern in resources.chain(values) {
            let mut fields = pattern.value.text().split(':');
            if fields.next() == Some("arn")
                && let Some(partition) = fields.next().and_then(Partition::new)
                && !partitions.contains(partition.as_str())
            {
                partitions.insert(partition.as_str().to_owned());
            }
        }
    }
    if partitions.is_empty() {
        partitions.insert("aws".to_owned());
    }
    partitions
}
