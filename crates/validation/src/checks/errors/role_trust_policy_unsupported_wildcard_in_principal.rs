#![doc = include_str!("role_trust_policy_unsupported_wildcard_in_principal.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
    finding_type: FindingType::Error,
    page: include_str!("role_trust_policy_unsupported_wildcard_in_principal.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::RoleTrust {
        return;
    }
    for principals in document.statements.iter().filter_map(|s| s.principal.as_ref()) {
        if principals.value.as_str() == Some("*") {
            let details = "Role trust policies do not take `\"*\"` as `Principal`. Name who may assume the role.";
            report.at(principals.value.span, details);
        }
    }
}
