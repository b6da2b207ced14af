//! The Principal and NotPrincipal elements as tests on the identity.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>

use ringfence_policy::{Arn, Effect, Polarity, Principal, PrincipalElement};

use super::{Part, literal};
use crate::problem::Problem;
use crate::theory::glob::{Case, Glob};
use crate::theory::identity::{IdentityTest, Kind, Kinds, reader};

pub(super) fn principal(
    problem: &mut Problem,
    element: &PrincipalElement,
    effect: Effect,
) -> Part {
    let named: Vec<&Principal> = element.principals.iter().map(|p| &p.value).collect();
    for principal in &named {
        if let Principal::Arn(arn) = principal {
            problem.partition.clone_from(&arn.partition);
        }
    }
    let everyone = named.iter().any(|principal| matches!(principal, Principal::Everyone));
    match (element.polarity, effect) {
        (Polarity::Plain, _) if everyone => Part::Always,
        (Polarity::Not, _) if everyone => Part::Never,
        (Polarity::Plain, _) => {
            let test = named_test(&named);
            literal(problem.identity_literal(test, true))
        }
        (Polarity::Not, Effect::Allow) => {
            let test = named_test(&named);
            literal(problem.identity_literal(test, false))
        }
        (Polarity::Not, Effect::Deny) => {
            let test = exempted_test(&named);
            literal(problem.identity_literal(test, false))
        }
    }
}

fn exactly(text: &str) -> Glob {
    Glob::literal(text, Case::Sensitive)
}

/// True for the callers that one of `named` stands for.
pub(crate) fn named_test(named: &[&Principal]) -> IdentityTest {
    let mut test = IdentityTest::default();
    for principal in named {
        match principal {
            Principal::Everyone => test.always = Kinds::all(),
            Principal::Account { account, .. } => {
                test.globs.push((Kinds::of_accounts(), reader::ACCOUNT, exactly(account.as_str())));
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

/// True for the callers that a Deny with NotPrincipal leaves alone: a session only when its session,
/// its role and its account are all named, a user only when its account is named too.
fn exempted_test(named: &[&Principal]) -> IdentityTest {
    let account_named = |arn: &Arn| {
        named.iter().any(|principal| match principal {
            Principal::Account { account, .. } => account.as_str() == arn.account,
            _ => false,
        })
    };
    let role_named = |session: &Arn| {
        let name = session.resource.split('/').nth(1);
        named.iter().any(|principal| match principal {
            Principal::Arn(arn) => {
                arn.service == "iam"
                    && arn.account == session.account
                    && arn.resource.starts_with("role/")
                    && arn.resource.rsplit('/').next() == name
            }
            _ => false,
        })
    };
    let mut test = IdentityTest::default();
    for principal in named {
        match principal {
            Principal::Arn(arn) if account_named(arn) => {
                if arn.resource.starts_with("assumed-role/") && role_named(arn)
                    || arn.resource.starts_with("user/")
                    || arn.resource.starts_with("federated-user/")
                {
                    test.globs.extend(arn_test(arn));
                }
            }
            Principal::Arn(_) | Principal::UniqueId(_) | Principal::Unrecognized { .. } => {}
            Principal::Account { account, .. } => {
                let kinds = Kinds::of(&[Kind::Root]);
                test.globs.push((kinds, reader::ACCOUNT, exactly(account.as_str())));
            }
            Principal::Everyone
            | Principal::Service(_)
            | Principal::Federated(_)
            | Principal::CanonicalUser(_) => {
                let own = named_test(&[principal]);
                test.always = test.always.union(own.always);
                test.globs.extend(own.globs);
            }
        }
    }
    test
}
