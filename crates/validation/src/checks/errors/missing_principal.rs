#![doc = include_str!("missing_principal.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_PRINCIPAL",
    finding_type: FindingType::Error,
    page: include_str!("missing_principal.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let names_principals =
        document.kind.is_resource_based() || document.kind == PolicyKind::ResourceControl;
    if !names_principals {
        return;
    }
    for statement in &document.statements {
        if statement.principal.is_none() && statement.not_principal.is_none() {
            let details = format!(
                "Each statement of {} says who it is about, and this one does not. Add `Principal`.",
                document.kind.describe()
            );
            report.at(statement.span(), details);
        }
    }
}
