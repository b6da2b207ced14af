#![doc = include_str!("scp_syntax_error_action_wildcard.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "SCP_SYNTAX_ERROR_ACTION_WILDCARD",
    finding_type: FindingType::Error,
    page: include_str!("scp_syntax_error_action_wildcard.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::ServiceControl {
        return;
    }
    for action in document.actions() {
        let text = action.text.value;
        let before_end = text.get(..text.len().saturating_sub(1)).unwrap_or_default();
        if before_end.contains(['*', '?']) {
            let details = format!(
                "`{text}` has a wildcard before its end, where actions of service control policies take none. List \
                 the actions, or write a pattern that ends in the wildcard."
            );
            report.at(action.text.span, details);
        }
    }
}
