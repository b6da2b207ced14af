#![doc = include_str!("empty_array_condition_foranyvalue.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Qualifier;

pub(super) const CHECK: Check = Check {
    issue_code: "EMPTY_ARRAY_CONDITION_FORANYVALUE",
    finding_type: FindingType::Suggestion,
    page: include_str!("empty_array_condition_foranyvalue.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions().filter(|condition| condition.elements().is_empty()) {
        if condition.qualifier() == Qualifier::ForAnyValue {
            let details = format!(
                "`ForAnyValue` with no value never matches `{}`, so the statement has no effect. Write values, or remove the key.",
                condition.key.value
            );
            report.at(condition.value.span, details);
        }
    }
}
