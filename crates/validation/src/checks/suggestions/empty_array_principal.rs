#![doc = include_str!("empty_array_principal.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::json::Kind;

pub(super) const CHECK: Check = Check {
    issue_code: "EMPTY_ARRAY_PRINCIPAL",
    finding_type: FindingType::Suggestion,
    page: include_str!("empty_array_principal.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for principals in document.statements.iter().flat_map(|s| s.principal_elements()) {
        for group in &principals.groups {
            if matches!(&group.value.kind, Kind::Array(elements) if elements.is_empty()) {
                let details = format!(
                    "`{}` is an empty list and names nobody. List principals, or remove it.",
                    group.kind.value
                );
                report.at(group.value.span, details);
            }
        }
    }
}
