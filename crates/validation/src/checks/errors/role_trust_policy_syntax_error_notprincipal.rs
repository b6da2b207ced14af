#![doc = include_str!("role_trust_policy_syntax_error_notprincipal.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL",
    finding_type: FindingType::Error,
    page: include_str!("role_trust_policy_syntax_error_notprincipal.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::RoleTrust {
        return;
    }
    for principals in document.statements.iter().filter_map(|s| s.not_principal.as_ref()) {
        let details = "Role trust policies take no `NotPrincipal`. Name in `Principal` who may assume the role.";
        report.at(principals.key.span, details);
    }
}
