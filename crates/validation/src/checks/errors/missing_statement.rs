#![doc = include_str!("missing_statement.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::json::Kind;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_STATEMENT",
    finding_type: FindingType::Error,
    page: include_str!("missing_statement.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let details = "The policy has no statement, so it says nothing. Add a `Statement`.";
    match document.statement {
        None if matches!(document.root.kind, Kind::Object(_)) => {
            report.at(document.span(), details)
        }
        Some(member)
            if member.value.elements().is_empty()
                && matches!(member.value.kind, Kind::Array(_)) =>
        {
            report.at(member.value.span, details);
        }
        None | Some(_) => {}
    }
}
