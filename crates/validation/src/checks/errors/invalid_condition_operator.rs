#![doc = include_str!("invalid_condition_operator.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Comparison;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_CONDITION_OPERATOR",
    finding_type: FindingType::Error,
    page: include_str!("invalid_condition_operator.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for block in document.statements.iter().flat_map(|statement| &statement.operators) {
        if block.operator.is_some() || is_null_if_exists(block.name.value) {
            continue;
        }
        let names = Comparison::ALL.iter().map(|comparison| comparison.as_str());
        let details = format!(
            "There is no condition operator `{}`. Write one of AWS's operators, such as `StringEquals`.{}",
            block.name.value,
            report.did_you_mean(block.name.value, names)
        );
        report.at(block.name.span, details);
    }
}

/// `NullIfExists` has a check of its own.
fn is_null_if_exists(name: &str) -> bool {
    name.rsplit(':').next().is_some_and(|name| name.eq_ignore_ascii_case("NullIfExists"))
}
