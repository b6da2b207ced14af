#![doc = include_str!("invalid_condition_data_type.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_CONDITION_DATA_TYPE",
    finding_type: FindingType::Error,
    page: include_str!("invalid_condition_data_type.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        let mut kinds =
            condition.elements().iter().map(|value| std::mem::discriminant(&value.kind));
        let Some(first) = kinds.next() else { continue };
        if kinds.any(|kind| kind != first) {
            let details = format!(
                "The values of `{}` are of different JSON types. Write all of them as strings.",
                condition.key.value
            );
            report.at(condition.value.span, details);
        }
    }
}
