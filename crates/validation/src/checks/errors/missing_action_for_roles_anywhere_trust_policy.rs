#![doc = include_str!("missing_action_for_roles_anywhere_trust_policy.md")]

use crate::checks::Check;
use crate::document::{Document, Statement, Text};
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY",
    finding_type: FindingType::Error,
    page: include_str!("missing_action_for_roles_anywhere_trust_policy.md"),
    run,
};

/// <https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html>
const REQUIRED: &[&str] = &["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"];

const SERVICE: &str = "rolesanywhere.amazonaws.com";

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::RoleTrust {
        return;
    }
    let trusting: Vec<(&Statement<'_>, Text<'_>)> = document
        .allow_statements()
        .filter_map(|statement| {
            let mut services = statement.principals_of("Service");
            Some((statement, services.find(|name| name.value == SERVICE)?))
        })
        .collect();
    let missing: Vec<&str> = REQUIRED
        .iter()
        .filter(|action| {
            !trusting.iter().any(|(s, _)| s.actions().iter().any(|pattern| pattern.matches(action)))
        })
        .copied()
        .collect();
    if missing.is_empty() {
        return;
    }
    for (_, name) in &trusting {
        let details = format!(
            "IAM Roles Anywhere cannot assume the role without {}. Add what is missing to `Action`.",
            missing.join(" and ")
        );
        report.at(name.span, details);
    }
}
