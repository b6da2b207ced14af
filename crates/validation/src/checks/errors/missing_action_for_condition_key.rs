#![doc = include_str!("missing_action_for_condition_key.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_ACTION_FOR_CONDITION_KEY",
    finding_type: FindingType::Error,
    page: include_str!("missing_action_for_condition_key.md"),
    run,
};

/// Keys that a caller of AWS STS sets, start of the name, with the action that allows to set them:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required>.
const KEYS: &[(&str, &str)] = &[
    ("aws:RequestTag/", "sts:TagSession"),
    ("aws:TagKeys", "sts:TagSession"),
    ("sts:TransitiveTagKeys", "sts:TagSession"),
    ("sts:SourceIdentity", "sts:SetSourceIdentity"),
];

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::RoleTrust {
        return;
    }
    for statement in document.allow_statements() {
        for condition in &statement.conditions {
            let known = KEYS.iter().find(|(key, _)| condition.key_after(key).is_some());
            let Some((_, action)) = known else { continue };
            if !statement.action_patterns().any(|pattern| pattern.matches(action)) {
                let details = format!(
                    "Callers can set `{}` only where the policy also allows `{action}`. Add that action.",
                    condition.key.value
                );
                report.at(condition.key.span, details);
            }
        }
    }
}
