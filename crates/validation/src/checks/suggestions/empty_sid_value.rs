#![doc = include_str!("empty_sid_value.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "EMPTY_SID_VALUE",
    finding_type: FindingType::Suggestion,
    page: include_str!("empty_sid_value.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for sid in document.statements.iter().filter_map(|statement| statement.sid()) {
        if sid.value.is_empty() {
            report.at(sid.span, "The Sid is empty and names nothing. Write a name, or remove it.");
        }
    }
}
