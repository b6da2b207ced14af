#![doc = include_str!("missing_effect.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_EFFECT",
    finding_type: FindingType::Error,
    page: include_str!("missing_effect.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        if statement.effect.is_none() {
            let details = "The statement does not say whether it allows or denies. Add `Effect` with `Allow` or `Deny`.";
            report.at(statement.span(), details);
        }
    }
}
