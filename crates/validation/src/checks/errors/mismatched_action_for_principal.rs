#![doc = include_str!("mismatched_action_for_principal.md")]

use crate::checks::Check;
use crate::document::{ActionPattern, Document};
use crate::federation::Provider;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "MISMATCHED_ACTION_FOR_PRINCIPAL",
    finding_type: FindingType::Error,
    page: include_str!("mismatched_action_for_principal.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::RoleTrust {
        return;
    }
    for statement in &document.statements {
        let Some(principals) = &statement.principal else { continue };
        let names: Vec<_> = principals
            .groups
            .iter()
            .flat_map(|group| group.names.iter().map(move |name| (group.kind.value, *name)))
            .collect();
        for action in statement.actions() {
            let Some(fits) = fits(action) else { continue };
            // A statement may name several principals, each with its own action.
            if names.is_empty() || names.iter().any(|(kind, name)| fits(kind, name.value)) {
                continue;
            }
            let who: Vec<&str> = names.iter().map(|(_, name)| name.value).collect();
            let details = format!(
                "`{}` does not work for {}. Use `sts:AssumeRoleWithSAML` with a SAML provider, \
                 `sts:AssumeRoleWithWebIdentity` with an OpenID Connect provider, and `sts:AssumeRole` with others.",
                action.text.value,
                who.join(", ")
            );
            let places = names.iter().map(|(_, name)| name.span);
            report.at_all([action.text.span].into_iter().chain(places).collect(), details);
        }
    }
}

/// Which principals, by type and name, can use the action, where that is limited.
fn fits(action: &ActionPattern<'_>) -> Option<fn(&str, &str) -> bool> {
    if action.is("sts:AssumeRole") {
        Some(|kind, _| kind != "Federated")
    } else if action.is("sts:AssumeRoleWithSAML") {
        Some(|kind, name| kind == "Federated" && Provider::parse(name) == Provider::Saml)
    } else if action.is("sts:AssumeRoleWithWebIdentity") {
        Some(|kind, name| kind == "Federated" && Provider::parse(name) != Provider::Saml)
    } else {
        None
    }
}
