#![doc = include_str!("unsupported_principal.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "UNSUPPORTED_PRINCIPAL",
    finding_type: FindingType::Error,
    page: include_str!("unsupported_principal.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::Identity {
        return;
    }
    for principals in document.statements.iter().flat_map(|s| s.principal_elements()) {
        let details = format!(
            "An identity policy is about the identity that it is attached to and takes no `{}`. Remove it.",
            principals.key.value
        );
        report.at(principals.key.span, details);
    }
}
