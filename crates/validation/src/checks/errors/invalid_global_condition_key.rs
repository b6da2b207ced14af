#![doc = include_str!("invalid_global_condition_key.md")]

use crate::checks::Check;
use crate::document::{Document, catalogue};
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_GLOBAL_CONDITION_KEY",
    finding_type: FindingType::Error,
    page: include_str!("invalid_global_condition_key.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        let Some(name) = condition.key_after("aws:") else { continue };
        let has_own_check = name.is_empty()
            || name.eq_ignore_ascii_case("ARN")
            || MISSING_TAG_NAMES.iter().any(|tag| name.eq_ignore_ascii_case(tag));
        if has_own_check || condition.definition().is_some() {
            continue;
        }
        let keys = catalogue().global_condition_keys().map(|key| key.name());
        let details = format!(
            "There is no global condition key `{}`. Write one of AWS's global keys.{}",
            condition.key.value,
            report.did_you_mean(condition.key.value, keys)
        );
        report.at(condition.key.span, details);
    }
}

/// MISSING_TAG_KEY_IN_CONDITION is about these.
const MISSING_TAG_NAMES: &[&str] =
    &["ResourceTag", "ResourceTag/", "RequestTag", "RequestTag/", "PrincipalTag", "PrincipalTag/"];
