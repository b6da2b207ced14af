#![doc = include_str!("empty_variable.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use crate::variables::{Problem, texts_with_variables, variables};

pub(super) const CHECK: Check = Check {
    issue_code: "EMPTY_VARIABLE",
    finding_type: FindingType::Error,
    page: include_str!("empty_variable.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for text in texts_with_variables(document) {
        if variables(text.value).any(|variable| variable.problem == Some(Problem::Empty)) {
            report.at(text.span, "`${}` names no key, so it is text. Write the key between the braces, or remove it.");
        }
    }
}
