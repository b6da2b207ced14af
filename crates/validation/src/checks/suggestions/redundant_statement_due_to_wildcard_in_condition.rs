#![doc = include_str!("redundant_statement_due_to_wildcard_in_condition.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::lone_star::lone_star;
use crate::report::Report;
use ringfence_policy::Comparison;
use ringfence_policy::Qualifier;

pub(super) const CHECK: Check = Check {
    issue_code: "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION",
    finding_type: FindingType::Suggestion,
    page: include_str!("redundant_statement_due_to_wildcard_in_condition.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        let is_not_like = matches!(
            condition.comparison(),
            Some(Comparison::StringNotLike | Comparison::ArnNotLike)
        );
        if is_not_like
            && condition.qualifier() == Qualifier::ForAnyValue
            && !condition.if_exists()
            && lone_star(condition).is_some()
        {
            let details = format!(
                "`{}` under `{}` matches no request, so the statement has no effect. Remove the key, or the statement.",
                condition.key.value, condition.operator_name.value
            );
            report.at(condition.key.span, details);
        }
    }
}
