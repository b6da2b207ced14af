#![doc = include_str!("shared_provider_trusts_any_tenant.md")]

use super::OwnCheck;
use crate::checks::Check;
use crate::document::Document;
use crate::federation::Provider;
use crate::finding::{FindingType, Witness};
use crate::meaning::tenants;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: OwnCheck = OwnCheck {
    check: Check {
        issue_code: "SHARED_PROVIDER_TRUSTS_ANY_TENANT",
        finding_type: FindingType::SecurityWarning,
        page: include_str!("shared_provider_trusts_any_tenant.md"),
        run,
    },
    learn_more: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html",
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::RoleTrust {
        return;
    }
    let Ok(meaning) = document.meaning() else { return };
    // A policy without mistakes has the same statements in both views.
    for (statement, meant) in document.statements.iter().zip(&meaning.policy.statements) {
        if !statement.is_allow() {
            continue;
        }
        for name in statement.principals_of("Federated") {
            let Provider::OpenIdConnect(host) = Provider::parse(name.value) else { continue };
            let Some(provider) = tenants::find(host) else { continue };
            match tenants::stranger(&meaning.policy, meant, name.value, provider) {
                Ok(None) => {}
                Err(limit) => report.undecided(name.span, limit),
                Ok(Some(request)) => {
                    let details = format!(
                        "Everyone who uses {} can assume the role, because the conditions accept tokens of other \
                         tenants. Say whose tokens you mean, with a whole name before any wildcard: {}.",
                        provider.name,
                        provider.how_to_fix()
                    );
                    let purpose = format!("a token of another tenant of {}", provider.name);
                    report.show(vec![name.span], vec![Witness { purpose, request }], details);
                }
            }
        }
    }
}
