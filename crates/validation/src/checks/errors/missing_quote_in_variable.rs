#![doc = include_str!("missing_quote_in_variable.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use crate::variables::{Problem, texts_with_variables, variables};

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_QUOTE_IN_VARIABLE",
    finding_type: FindingType::Error,
    page: include_str!("missing_quote_in_variable.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for text in texts_with_variables(document) {
        if variables(text.value).any(|variable| variable.problem == Some(Problem::MissingQuote)) {
            report.at(text.span, "The default value of a variable does not stand between single quotes. Write `${key, 'default'}`.");
        }
    }
}
