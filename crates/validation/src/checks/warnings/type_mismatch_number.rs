#![doc = include_str!("type_mismatch_number.md")]

use crate::checks::Check;
use crate::document::{Document, Text};
use crate::finding::FindingType;
use crate::numbers::{is_numeric, number};
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "TYPE_MISMATCH_NUMBER",
    finding_type: FindingType::Warning,
    page: include_str!("type_mismatch_number.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions().filter(|condition| is_numeric(condition)) {
        let wrong = |value: &Text<'_>| number(value.value).is_none() && !value.value.contains("${");
        for value in condition.values().filter(wrong) {
            let details = format!(
                "`{}` is no number, which `{}` compares with. Write one such as `3600`.",
                value.value, condition.operator_name.value
            );
            report.at(value.span, details);
        }
    }
}
