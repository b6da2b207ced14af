#![doc = include_str!("invalid_federated_principal_syntax_in_role_trust_policy.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::federation::Provider;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",
    finding_type: FindingType::Error,
    page: include_str!("invalid_federated_principal_syntax_in_role_trust_policy.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::RoleTrust {
        return;
    }
    for name in document.statements.iter().flat_map(|s| s.principals_of("Federated")) {
        if Provider::parse(name.value) == Provider::Unknown && !name.has_wildcard() {
            let details = format!(
                "`{}` is no identity provider. Write its domain name or the ARN of the provider in IAM.",
                name.value
            );
            report.at(name.span, details);
        }
    }
}
