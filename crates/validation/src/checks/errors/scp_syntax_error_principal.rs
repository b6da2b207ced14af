#![doc = include_str!("scp_syntax_error_principal.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "SCP_SYNTAX_ERROR_PRINCIPAL",
    finding_type: FindingType::Error,
    page: include_str!("scp_syntax_error_principal.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::ServiceControl {
        return;
    }
    for principals in document.statements.iter().flat_map(|s| s.principal_elements()) {
        let details = format!(
            "Service control policies apply to whole accounts and take no `{}`. Remove it, and use the condition key \
             `aws:PrincipalArn` for exceptions.",
            principals.key.value
        );
        report.at(principals.key.span, details);
    }
}
