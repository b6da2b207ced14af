#![doc = include_str!("invalid_condition_multiple_boolean.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Comparison;
use ringfence_policy::Qualifier;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_CONDITION_MULTIPLE_BOOLEAN",
    finding_type: FindingType::Error,
    page: include_str!("invalid_condition_multiple_boolean.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        let is_bool = condition.comparison() == Some(Comparison::Bool);
        if is_bool && condition.qualifier() == Qualifier::None && condition.elements().len() > 1 {
            let details = format!(
                "`{}` is compared with several values, and `Bool` takes one. Write `true` or `false` alone.",
                condition.key.value
            );
            report.at(condition.value.span, details);
        }
    }
}
