#![doc = include_str!("string_like_operator_with_arn_condition_keys.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Comparison;
use ringfence_policy::catalogue::ConditionValueType;

pub(super) const CHECK: Check = Check {
    issue_code: "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
    finding_type: FindingType::SecurityWarning,
    page: include_str!("string_like_operator_with_arn_condition_keys.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        let like = match condition.comparison() {
            Some(Comparison::StringLike) => "ArnLike",
            Some(Comparison::StringNotLike) => "ArnNotLike",
            _ => continue,
        };
        if condition.definition().is_some_and(|key| key.value_type() == ConditionValueType::Arn) {
            let details = format!(
                "Under `{}` a wildcard also matches colons, so a pattern can match ARNs that were not meant. Compare \
                 `{}` with `{like}`.",
                condition.operator_name.value, condition.key.value
            );
            report.at(condition.key.span, details);
        }
    }
}
