//! Requests of somebody untrusted: of nobody whom a fixed value of the policies describes.
//!
//! What fixes a caller is Amazon S3's "meaning of public":
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ringfence_policy::{Comparison, Condition, Pattern, PolicyDocument};

use super::atom::Atom;
use super::caller::{Clue, field};
use super::elements::{Conjunction, Elements, Meaning};
use super::principal;
use crate::certificate::{Element, Fact, Reference};

/// The keys whose fixed values describe somebody, in lower case.
const DESCRIBING: [&str; 22] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "elasticfilesystem:accessedviamounttarget",
    "kms:calleraccount",
    "lambda:eventsourcetoken",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
];

/// Notes which keys may have several values; before any element is read.
pub(crate) fn note(elements: &mut Elements, documents: &[&PolicyDocument]) {
    for (.., condition) in fixed_conditions(documents) {
        elements.allow_many(condition.key.value.folded());
    }
}

/// What the requests of somebody untrusted meet.
pub(crate) fn untrusted(elements: &mut Elements, documents: &[&PolicyDocument]) -> Conjunction {
    // Services act under their own rules; what identity providers and canonical user ids name is named.
    let mut clues: BTreeSet<Clue> =
        [field::SERVICE, field::FEDERATED, field::CANONICAL].map(Clue::Has).into();
    let statements = documents.iter().flat_map(|document| &document.statements);
    let listed = statements.filter_map(|statement| statement.principal.as_ref());
    clues.extend(listed.flat_map(|e| &e.principals).filter_map(|p| principal::clue(&p.value)));
    let unnamed = elements.literal(Atom::Caller(clues), false);
    let mut all = vec![elements.name(Reference::Fact(Fact::Unnamed), unnamed)];
    for (document, statement, condition) in fixed_conditions(documents) {
        let key = condition.key.value.as_written().to_owned();
        let operator = condition.operator.value;
        let variables = condition.values.iter().any(|v| v.value.variables().next().is_some());
        let meaning = if variables {
            Meaning::Always
        } else {
            let over = elements.over_some(condition.key.value.folded());
            let atom = elements.key(&condition, over, false);
            elements.literal(atom, false)
        };
        let element = Element::FixedValues { operator, key };
        all.push(elements.name(Reference::Statement { document, statement, element }, meaning));
    }
    all
}

/// The conditions, each with only its fixed values, where they are.
fn fixed_conditions(documents: &[&PolicyDocument]) -> Vec<(usize, usize, Condition)> {
    let mut all = Vec::new();
    for (document, own) in documents.iter().enumerate() {
        for (statement, own) in own.statements.iter().enumerate() {
            for condition in &own.conditions {
                let mut fixed = condition.clone();
                fixed.values.retain(|value| is_fixed(condition, &value.value));
                if !fixed.values.is_empty() {
                    all.push((document, statement, fixed));
                }
            }
        }
    }
    all
}

fn is_fixed(condition: &Condition, value: &Pattern) -> bool {
    let key = condition.key.value.folded();
    if !DESCRIBING.contains(&key) {
        return false;
    }
    match condition.operator.value.comparison {
        Comparison::Null => return false,
        Comparison::IpAddress | Comparison::NotIpAddress => return is_narrow(value.text()),
        _ => {}
    }
    let has_wildcard = |text: &str| text.contains(['*', '?']);
    let is_written = |text: &str| !text.is_empty() && !has_wildcard(text);
    let text = value.text();
    let mut fields = text.split(':');
    match key {
        // https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
        "elasticfilesystem:accessedviamounttarget" => text.eq_ignore_ascii_case("true"),
        _ if value.as_literal().is_some() || value.variables().next().is_some() => true,
        // An ARN is fixed by its account, and that of a bucket by the bucket's name.
        "aws:principalarn" | "aws:sourcearn" | "s3:dataaccesspointarn" => {
            let of_account = fields.nth(4).is_some_and(is_written);
            let bucket = text.strip_prefix("arn:aws:s3:::").and_then(|rest| rest.split('/').next());
            of_account || bucket.is_some_and(|name| !has_wildcard(name))
        }
        // A user id is fixed by what stands before the colon, the role's or user's own id.
        "aws:userid" => text.split_once(':').is_some_and(|(id, _)| is_written(id)),
        "aws:principalorgpaths" | "aws:sourceorgpaths" | "aws:vpceorgpaths" => {
            text.split_once('/').is_some_and(|(organization, _)| !has_wildcard(organization))
        }
        _ => false,
    }
}

/// Ranges wider than this describe nobody.
const WIDEST: (u8, u8) = (8, 32);

fn is_narrow(text: &str) -> bool {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, length.parse::<u8>().ok()),
        None => (text, None),
    };
    match address.parse() {
        Ok(IpAddr::V4(_)) => length.unwrap_or(32) >= WIDEST.0,
        Ok(IpAddr::V6(_)) => length.unwrap_or(128) >= WIDEST.1,
        Err(_) => false,
    }
}
