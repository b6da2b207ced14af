#![doc = include_str!("role_trust_policy_syntax_error_resource.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",
    finding_type: FindingType::Error,
    page: include_str!("role_trust_policy_syntax_error_resource.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::RoleTrust {
        return;
    }
    for resource in document.statements.iter().flat_map(|s| s.resource_elements()) {
        let details = format!(
            "A role trust policy is about the role that it belongs to and takes no `{}`. Remove it.",
            resource.key.value
        );
        report.at(resource.key.span, details);
    }
}
