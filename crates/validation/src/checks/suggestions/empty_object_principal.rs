#![doc = include_str!("empty_object_principal.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::json::Kind;

pub(super) const CHECK: Check = Check {
    issue_code: "EMPTY_OBJECT_PRINCIPAL",
    finding_type: FindingType::Suggestion,
    page: include_str!("empty_object_principal.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for principals in document.statements.iter().flat_map(|s| s.principal_elements()) {
        if matches!(&principals.value.kind, Kind::Object(members) if members.is_empty()) {
            let details = format!(
                "`{}` is empty and names nobody. Name principals, or remove the statement.",
                principals.key.value
            );
            report.at(principals.value.span, details);
        }
    }
}
