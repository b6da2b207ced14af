//! Condition keys that describe a caller who is a principal of an account, and those that describe on whose behalf a
//! service calls.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use ringfence_policy::Comparison;

use crate::document::{Condition, Statement};

const PRINCIPAL_KEYS: &[&str] = &[
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalType",
    "aws:userid",
    "aws:username",
];

const SOURCE_KEYS: &[&str] =
    &["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths"];

const OTHER_LIMITS: &[&str] = &["aws:Referer", "aws:SourceOwner"];

/// Whether requests by a service principal never hold the key.
pub(crate) fn describes_principal(condition: &Condition<'_>) -> bool {
    PRINCIPAL_KEYS.iter().any(|key| condition.is_key(key))
        || condition.key_after("aws:PrincipalTag/").is_some()
}

/// Whether only requests by a service principal hold the key.
pub(crate) fn describes_source(condition: &Condition<'_>) -> bool {
    SOURCE_KEYS.iter().any(|key| condition.is_key(key))
}

/// Whether the condition compares such a key with values.
pub(crate) fn limits_source(condition: &Condition<'_>) -> bool {
    describes_source(condition) && condition.comparison() != Some(Comparison::Null)
}

/// Whether the condition limits a service principal by a key that AWS's services set for this in earlier years.
pub(crate) fn is_other_limit(condition: &Condition<'_>) -> bool {
    OTHER_LIMITS.iter().any(|key| condition.is_key(key))
}

/// Whether the statement asks whether the caller is a service, and wants this answer.
pub(crate) fn asks_for_service(statement: &Statement<'_>, answer: &str) -> bool {
    statement.conditions.iter().any(|condition| {
        condition.comparison() == Some(Comparison::Bool)
            && condition.is_key("aws:PrincipalIsAWSService")
            && condition.values().all(|value| value.value.eq_ignore_ascii_case(answer))
    })
}
