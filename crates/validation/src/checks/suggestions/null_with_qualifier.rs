#![doc = include_str!("null_with_qualifier.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Comparison;
use ringfence_policy::Qualifier;

pub(super) const CHECK: Check = Check {
    issue_code: "NULL_WITH_QUALIFIER",
    finding_type: FindingType::Suggestion,
    page: include_str!("null_with_qualifier.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for block in document.statements.iter().flat_map(|statement| &statement.operators) {
        let Some(operator) = block.operator.filter(|o| o.comparison == Comparison::Null) else {
            continue;
        };
        let always = match operator.qualifier {
            Qualifier::None => continue,
            Qualifier::ForAllValues => "true",
            Qualifier::ForAnyValue => "false",
        };
        let details = format!(
            "`{}` is always {always}, because `Null` asks for the key and not for its values. Write `Null`.",
            block.name.value
        );
        report.replace(block.name.span, "\"Null\"", details);
    }
}
