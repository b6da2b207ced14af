#![doc = include_str!("rcp_missing_service_condition_key_null_check.md")]

use crate::caller_keys::limits_source;
use crate::checks::Check;
use crate::document::{Condition, Document};
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;
use ringfence_policy::Comparison;

pub(super) const CHECK: Check = Check {
    issue_code: "RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK",
    finding_type: FindingType::Warning,
    page: include_str!("rcp_missing_service_condition_key_null_check.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::ResourceControl {
        return;
    }
    for statement in document.deny_statements() {
        if statement.conditions.iter().any(asks_for_source) {
            continue;
        }
        for condition in statement.conditions.iter().filter(|c| limits_source(c)) {
            let details = format!(
                "Some integrations of services do not send `{}`, and this also denies them. Add `\"Null\": \
                 {{\"aws:SourceAccount\": \"false\"}}`.",
                condition.key.value
            );
            report.at(condition.key.span, details);
        }
    }
}

/// Whether the condition wants a source to be there.
fn asks_for_source(condition: &Condition<'_>) -> bool {
    condition.comparison() == Some(Comparison::Null)
        && (condition.is_key("aws:SourceAccount") || condition.is_key("aws:SourceArn"))
        && condition.values().all(|value| value.value.eq_ignore_ascii_case("false"))
}
