#![doc = include_str!("redundant_key_due_to_wildcard_in_condition.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::lone_star::lone_star;
use crate::report::Report;
use ringfence_policy::Comparison;
use ringfence_policy::Qualifier;

pub(super) const CHECK: Check = Check {
    issue_code: "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION",
    finding_type: FindingType::Suggestion,
    page: include_str!("redundant_key_due_to_wildcard_in_condition.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        let is_like =
            matches!(condition.comparison(), Some(Comparison::StringLike | Comparison::ArnLike));
        let matches_without_key = match condition.qualifier() {
            Qualifier::None => condition.if_exists(),
            Qualifier::ForAllValues => true,
            Qualifier::ForAnyValue => condition.if_exists(),
        };
        if is_like && matches_without_key && lone_star(condition).is_some() {
            let details = format!(
                "`{}` under `{}` matches every request, with the key and without. Remove the key.",
                condition.key.value, condition.operator_name.value
            );
            report.at(condition.key.span, details);
        }
    }
}
