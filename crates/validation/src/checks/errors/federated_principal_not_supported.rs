#![doc = include_str!("federated_principal_not_supported.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "FEDERATED_PRINCIPAL_NOT_SUPPORTED",
    finding_type: FindingType::Error,
    page: include_str!("federated_principal_not_supported.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if !matches!(document.kind, PolicyKind::Resource(_)) {
        return;
    }
    for principals in document.statements.iter().flat_map(|s| s.principal_elements()) {
        for group in principals.groups.iter().filter(|group| group.kind.value == "Federated") {
            for name in &group.names {
                let details = format!(
                    "`{}` is an identity provider, which only the trust policy of a role can name. Name the role that \
                     its users assume.",
                    name.value
                );
                report.at(name.span, details);
            }
        }
    }
}
