#![doc = include_str!("missing_brace_in_variable.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use crate::variables::{Problem, texts_with_variables, variables};

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_BRACE_IN_VARIABLE",
    finding_type: FindingType::Error,
    page: include_str!("missing_brace_in_variable.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for text in texts_with_variables(document) {
        if variables(text.value).any(|variable| variable.problem == Some(Problem::MissingBrace)) {
            report.at(text.span, "A variable has no closing brace, so it is text. Add `}` behind it, or write `${$}{` for the characters.");
        }
    }
}
