#![doc = include_str!("invalid_date_value.md")]

use crate::checks::Check;
use crate::dates::{is_date, is_epoch};
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_DATE_VALUE",
    finding_type: FindingType::Warning,
    page: include_str!("invalid_date_value.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions().filter(|condition| is_date(condition)) {
        for value in condition.values().filter(|value| is_epoch(value.value)) {
            let details = format!(
                "`{}` is a number of seconds, which may not be the moment that was meant. Write a date such as \
                 `2026-01-31T00:00:00Z`.",
                value.value
            );
            report.at(value.span, details);
        }
    }
}
