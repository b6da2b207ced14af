#![doc = include_str!("empty_array_action.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::json::Kind;

pub(super) const CHECK: Check = Check {
    issue_code: "EMPTY_ARRAY_ACTION",
    finding_type: FindingType::Suggestion,
    page: include_str!("empty_array_action.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        for element in statement.action_elements() {
            if matches!(&element.value.kind, Kind::Array(elements) if elements.is_empty()) {
                let details = format!(
                    "`{}` is an empty list, so the statement is about no actions. List some, or remove the statement.",
                    element.key.value
                );
                report.at(element.value.span, details);
            }
        }
    }
}
