#![doc = include_str!("type_mismatch_boolean.md")]

use crate::checks::Check;
use crate::document::{Document, Text};
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Comparison;

pub(super) const CHECK: Check = Check {
    issue_code: "TYPE_MISMATCH_BOOLEAN",
    finding_type: FindingType::Warning,
    page: include_str!("type_mismatch_boolean.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        if !matches!(condition.comparison(), Some(Comparison::Bool | Comparison::Null)) {
            continue;
        }
        let wrong = |value: &Text<'_>| {
            !value.value.eq_ignore_ascii_case("true")
                && !value.value.eq_ignore_ascii_case("false")
                && !value.value.contains("${")
        };
        for value in condition.values().filter(wrong) {
            let details = format!(
                "`{}` is neither true nor false, which `{}` compares with. Write `true` or `false`.",
                value.value, condition.operator_name.value
            );
            report.at(value.span, details);
        }
    }
}
