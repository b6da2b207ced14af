#![doc = include_str!("missing_action.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_ACTION",
    finding_type: FindingType::Error,
    page: include_str!("missing_action.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        if statement.action.is_none() && statement.not_action.is_none() {
            let details = "The statement does not say which actions it is about. Add `Action` or `NotAction`.";
            report.at(statement.span(), details);
        }
    }
}
