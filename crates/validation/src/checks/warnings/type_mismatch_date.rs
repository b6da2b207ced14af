#![doc = include_str!("type_mismatch_date.md")]

use crate::checks::Check;
use crate::dates::{is_date, is_epoch, is_iso_8601};
use crate::document::{Document, Text};
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "TYPE_MISMATCH_DATE",
    finding_type: FindingType::Warning,
    page: include_str!("type_mismatch_date.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions().filter(|condition| is_date(condition)) {
        let wrong = |value: &Text<'_>| {
            !is_epoch(value.value) && !is_iso_8601(value.value) && !value.value.contains("${")
        };
        for value in condition.values().filter(wrong) {
            let details = format!(
                "`{}` is no date, which `{}` compares with. Write one such as `2026-01-31` or `2026-01-31T12:00:00Z`.",
                value.value, condition.operator_name.value
            );
            report.at(value.span, details);
        }
    }
}
