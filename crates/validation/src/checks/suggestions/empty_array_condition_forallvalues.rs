#![doc = include_str!("empty_array_condition_forallvalues.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Qualifier;

pub(super) const CHECK: Check = Check {
    issue_code: "EMPTY_ARRAY_CONDITION_FORALLVALUES",
    finding_type: FindingType::Suggestion,
    page: include_str!("empty_array_condition_forallvalues.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions().filter(|condition| condition.elements().is_empty()) {
        if condition.qualifier() == Qualifier::ForAllValues {
            let details = format!(
                "`ForAllValues` with no value matches only requests without `{}`. Say so with `Null` and `true`.",
                condition.key.value
            );
            report.at(condition.value.span, details);
        }
    }
}
