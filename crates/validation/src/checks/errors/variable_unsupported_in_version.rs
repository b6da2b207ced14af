#![doc = include_str!("variable_unsupported_in_version.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use crate::variables::{texts_with_variables, values_of_request};

pub(super) const CHECK: Check = Check {
    issue_code: "VARIABLE_UNSUPPORTED_IN_VERSION",
    finding_type: FindingType::Error,
    page: include_str!("variable_unsupported_in_version.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.has_variables() {
        return;
    }
    for text in texts_with_variables(document) {
        if let Some(variable) = values_of_request(text.value).next() {
            let details = format!(
                "`${{{}}}` is text here, because variables came with version 2012-10-17 of the policy language. Set \
                 `Version` to `2012-10-17`.",
                variable.body
            );
            report.at(text.span, details);
        }
    }
}
