#![doc = include_str!("string_like_operator_with_arn_condition_keys.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::repair::change_operator;
use crate::report::Report;
use ringfence_policy::catalogue::ConditionValueType;
use ringfence_policy::{Comparison, ConditionOperator};

pub(super) const CHECK: Check = Check {
    issue_code: "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
    finding_type: FindingType::SecurityWarning,
    page: include_str!("string_like_operator_with_arn_condition_keys.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for (statement, condition) in document.conditions_of_statements() {
        let Some(operator) = condition.operator else { continue };
        let like = match operator.comparison {
            Comparison::StringLike => Comparison::ArnLike,
            Comparison::StringNotLike => Comparison::ArnNotLike,
            _ => continue,
        };
        if condition.definition().is_some_and(|key| key.value_type() == ConditionValueType::Arn) {
            let better = ConditionOperator { comparison: like, ..operator };
            let details = format!(
                "Under `{}` a wildcard also matches colons, so a pattern can match ARNs that were not meant. Compare \
                 `{}` with `{better}`.",
                condition.operator_name.value, condition.key.value
            );
            let replacement = change_operator(statement, condition, better);
            report.repair(vec![condition.key.span], replacement, details);
        }
    }
}
