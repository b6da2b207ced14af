#![doc = include_str!("unsupported_space_in_variable.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use crate::variables::{Problem, texts_with_variables, variables};

pub(super) const CHECK: Check = Check {
    issue_code: "UNSUPPORTED_SPACE_IN_VARIABLE",
    finding_type: FindingType::Error,
    page: include_str!("unsupported_space_in_variable.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for text in texts_with_variables(document) {
        if variables(text.value).any(|variable| variable.problem == Some(Problem::Space)) {
            report.at(text.span, "The name of a variable has a space in it. Remove the space.");
        }
    }
}
