#![doc = include_str!("missing_condition_key_for_oidc_principal.md")]

use crate::checks::Check;
use crate::document::{Condition, Document};
use crate::federation::Provider;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
    finding_type: FindingType::SecurityWarning,
    page: include_str!("missing_condition_key_for_oidc_principal.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::RoleTrust {
        return;
    }
    for statement in document.allow_statements() {
        for name in statement.principals_of("Federated") {
            let Provider::OpenIdConnect(host) = Provider::parse(name.value) else { continue };
            if !statement.conditions.iter().any(|condition| is_claim_of(condition, host)) {
                let details = format!(
                    "Everyone with a token of `{host}` can assume the role, whoever the token was made for. Add \
                     conditions on the provider's claims, such as `{host}:aud` and `{host}:sub`."
                );
                report.at(name.span, details);
            }
        }
    }
}

fn is_claim_of(condition: &Condition<'_>, host: &str) -> bool {
    condition.key_after(host).is_some_and(|claim| claim.starts_with(':'))
}
