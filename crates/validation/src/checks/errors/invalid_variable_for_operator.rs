#![doc = include_str!("invalid_variable_for_operator.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use crate::variables::values_of_request;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_VARIABLE_FOR_OPERATOR",
    finding_type: FindingType::Error,
    page: include_str!("invalid_variable_for_operator.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        if condition.operator.is_none() || condition.takes_variables() {
            continue;
        }
        for value in condition.strings() {
            if let Some(variable) = values_of_request(value.value).next() {
                let details = format!(
                    "`${{{}}}` is no variable under `{}`, but text. Use a string or an ARN operator, or write the \
                     value itself.",
                    variable.body, condition.operator_name.value
                );
                report.at(value.span, details);
            }
        }
    }
}
