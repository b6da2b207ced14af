#![doc = include_str!("rcp_missing_related_principal_condition_key.md")]

use crate::caller_keys::{asks_for_service, describes_principal};
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY",
    finding_type: FindingType::Warning,
    page: include_str!("rcp_missing_related_principal_condition_key.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::ResourceControl {
        return;
    }
    for statement in document.deny_statements() {
        if asks_for_service(statement, "false") {
            continue;
        }
        for condition in
            statement.conditions.iter().filter(|condition| describes_principal(condition))
        {
            let details = format!(
                "Services that act for you do not have `{}`, so this also denies them. Add `\"BoolIfExists\": \
                 {{\"aws:PrincipalIsAWSService\": \"false\"}}`.",
                condition.key.value
            );
            report.at(condition.key.span, details);
        }
    }
}
