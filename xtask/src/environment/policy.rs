//! Whole policies: one to six statements.

use serde_json::{Value, json};

use super::random::Random;
use super::statement::{
    Subject, for_a_partner, for_everyone, guard, root, within_the_organization,
};

/// Whom a resource lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exposure {
    /// Its organization, and services.
    Inside,
    /// Somebody else besides.
    Partner,
    /// Everyone.
    Public,
}

/// The exposure of the next resource.
pub(super) fn exposure(random: &mut Random) -> Exposure {
    match random.below(1000) {
        0..=5 => Exposure::Public,
        6..=60 => Exposure::Partner,
        _ => Exposure::Inside,
    }
}

/// A resource's policy.
pub(super) fn policy(random: &mut Random, subject: &Subject<'_>, exposure: Exposure) -> Value {
    let mut statements: Vec<Value> = Vec::new();
    let wanted = 1 + random.below(6);
    match exposure {
        Exposure::Inside => {}
        Exposure::Partner => statements.push(for_a_partner(random, subject)),
        Exposure::Public => statements.push(for_everyone(random, subject)),
    }
    while statements.len() < wanted {
        statements.push(match random.permille(250) {
            true => guard(random, subject),
            false => within_the_organization(random, subject),
        });
    }
    document(statements)
}

/// A key's policy: the account's administrators come first.
pub(super) fn key_policy(random: &mut Random, subject: &Subject<'_>, exposure: Exposure) -> Value {
    let mut policy = policy(random, subject, exposure);
    if let Some(Value::Array(statements)) = policy.get_mut("Statement") {
        statements.truncate(5);
        statements.insert(0, json!({
            "Sid": "Enable IAM User Permissions", "Effect": "Allow",
            "Principal": { "AWS": root(subject.account_id()) }, "Action": "kms:*", "Resource": "*",
        }));
    }
    policy
}

#[expect(clippy::needless_pass_by_value, reason = "it becomes part of the document")]
pub(super) fn document(statements: Vec<Value>) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}
