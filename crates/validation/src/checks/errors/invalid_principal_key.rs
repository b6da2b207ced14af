#![doc = include_str!("invalid_principal_key.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_PRINCIPAL_KEY",
    finding_type: FindingType::Error,
    page: include_str!("invalid_principal_key.md"),
    run,
};

/// The types of principals:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>.
const TYPES: &[&str] = &["AWS", "CanonicalUser", "Federated", "Service"];

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        let groups = statement.principal_elements().flat_map(|principals| &principals.groups);
        for group in groups.filter(|group| !TYPES.contains(&group.kind.value)) {
            let details = format!(
                "`{}` is no type of principal. Write `AWS`, `CanonicalUser`, `Federated` or `Service`.",
                group.kind.value
            );
            match TYPES.iter().find(|name| name.eq_ignore_ascii_case(group.kind.value)) {
                Some(name) => report.replace(group.kind.span, format!("\"{name}\""), details),
                None => report.at(group.kind.span, details),
            }
        }
    }
}
