//! The requests of somebody untrusted: callers and circumstances that no fixed value of the policy
//! describes.
//!
//! A policy is public when it lets such a request in. Which conditions fix a caller is Amazon S3's
//! "meaning of public", which IAM Access Analyzer uses for all resources:
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>.
//! A value is fixed when it has no wildcard; an ARN also when its account is fixed, a user id when the
//! id before the colon is, an address range when it is not very wide.

use ringfence_policy::{Comparison, Condition, Pattern, PolicyDocument, Principal};

use crate::encode::{self, Part, Variables};
use crate::limit::Limit;
use crate::problem::{Conjunction, ConjunctionId, Problem};
use crate::theory::identity::{IdentityTest, Kind, Kinds};

/// Keys whose fixed values keep a policy from being public, in lower case.
const FIXING_KEYS: &[&str] = &[
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalarn",
    "aws:principalaccount",
    "aws:userid",
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:sourceip",
    "elasticfilesystem:accessedviamounttarget",
    "kms:calleraccount",
    "lambda:eventsourcetoken",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
];

/// The widest ranges that count as fixed.
const WIDEST_V4: u32 = 8;
const WIDEST_V6: u32 = 32;

/// A conjunction that requests of somebody untrusted meet.
pub(crate) fn untrusted(
    problem: &mut Problem,
    documents: &[&PolicyDocument],
    variables: &Variables,
) -> Result<ConjunctionId, Limit> {
    let mut conjunction = Conjunction::default();
    // Services act under their own rules; providers' users and canonical users are named, not public.
    let known = Kinds::of(&[Kind::Service, Kind::Federated, Kind::CanonicalUser]);
    let mut named = IdentityTest::of_kinds(known);
    let statements = || documents.iter().flat_map(|document| &document.statements);
    for element in statements().filter_map(|statement| statement.principal.as_ref()) {
        let fixed: Vec<&Principal> = element
            .principals
            .iter()
            .map(|principal| &principal.value)
            .filter(|principal| !matches!(principal, Principal::Everyone))
            .collect();
        named.globs.extend(encode::named_test(&fixed, &problem.partitions).globs);
    }
    conjunction.literals.extend(problem.identity_literal(named, false));
    for condition in statements().flat_map(|statement| &statement.conditions) {
        let Some(fixed) = fixed_part(condition) else { continue };
        match encode::outside_values(problem, &fixed, variables) {
            Part::Literal(literal) => conjunction.literals.push(literal),
            Part::Always => {}
            Part::Never => conjunction.never = true,
            Part::Undecided(limit) => return Err(limit),
        }
    }
    Ok(problem.add(conjunction))
}

/// The condition with only its fixed values, when it has any.
pub(crate) fn fixed_part(condition: &Condition) -> Option<Condition> {
    let key = condition.key.value.folded();
    if !FIXING_KEYS.contains(&key) {
        return None;
    }
    let comparison = condition.operator.value.comparison;
    let mut fixed = condition.clone();
    fixed.values.retain(|value| is_fixed(key, comparison, &value.value));
    (!fixed.values.is_empty()).then_some(fixed)
}

fn is_fixed(key: &str, comparison: Comparison, value: &Pattern) -> bool {
    if matches!(comparison, Comparison::IpAddress | Comparison::NotIpAddress) {
        return is_narrow(value.text());
    }
    if comparison == Comparison::Null {
        return false;
    }
    // Through a mount target comes only what is in the file system's network; the other way anybody.
    // https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
    if key == "elasticfilesystem:accessedviamounttarget" {
        return value.text().eq_ignore_ascii_case("true");
    }
    let wild = |text: &str| text.contains(['*', '?']);
    if value.as_literal().is_some() || value.variables().next().is_some() {
        return true;
    }
    let text = value.text();
    match key {
        "aws:principalarn" | "aws:sourcearn" | "s3:dataaccesspointarn" => {
            let account = text.split(':').nth(4).unwrap_or("");
            let bucket =
                text.starts_with("arn:aws:s3:::") && !wild(text.split('/').next().unwrap_or(""));
            (!account.is_empty() && !wild(account)) || bucket
        }
        "aws:userid" => text.split_once(':').is_some_and(|(id, _)| !id.is_empty() && !wild(id)),
        "aws:principalorgpaths" | "aws:sourceorgpaths" | "aws:vpceorgpaths" => {
            text.split_once('/').is_some_and(|(id, _)| !wild(id))
        }
        _ => false,
    }
}

fn is_narrow(text: &str) -> bool {
    let (address, length) = text.split_once('/').unwrap_or((text, ""));
    match address.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(_)) => length.parse().unwrap_or(32) >= WIDEST_V4,
        Ok(std::net::IpAddr::V6(_)) => length.parse().unwrap_or(128) >= WIDEST_V6,
        Err(_) => false,
    }
}
