#![doc = include_str!("invalid_kms_key_value.md")]

use crate::arn::ArnText;
use crate::checks::Check;
use crate::document::{Condition, Document};
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Comparison;
use ringfence_policy::catalogue::ConditionValueType;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_KMS_KEY_VALUE",
    finding_type: FindingType::Error,
    page: include_str!("invalid_kms_key_value.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        if condition.comparison() == Some(Comparison::Null) || !takes_kms_key(condition) {
            continue;
        }
        for value in condition.strings().filter(|value| !can_be_key_arn(value.value)) {
            let details = format!(
                "Requests hold the ARN of a KMS key in `{}`, and `{}` is none. Write \
                 `arn:aws:kms:region:account:key/key-id`.",
                condition.key.value, value.value
            );
            report.at(value.span, details);
        }
    }
}

/// Whether the key holds ARNs, of KMS keys by its name.
fn takes_kms_key(condition: &Condition<'_>) -> bool {
    condition.definition().is_some_and(|key| {
        key.value_type() == ConditionValueType::Arn
            && key.name().to_ascii_lowercase().contains("kms")
    })
}

fn can_be_key_arn(text: &str) -> bool {
    match ArnText::parse(text) {
        Some(arn) => arn.can_be("arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}"),
        // A wildcard or a variable at the start can stand for all that is missing.
        None => text.starts_with(['*', '?']) || text.contains("${") || text.starts_with("arn:*"),
    }
}
