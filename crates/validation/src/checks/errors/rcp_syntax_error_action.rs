#![doc = include_str!("rcp_syntax_error_action.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "RCP_SYNTAX_ERROR_ACTION",
    finding_type: FindingType::Error,
    page: include_str!("rcp_syntax_error_action.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::ResourceControl {
        return;
    }
    for statement in document.statements.iter().filter(|statement| !statement.is_allow()) {
        for action in statement.actions() {
            // What names no service at all is INVALID_SERVICE_IN_ACTION.
            let is_fine = match action.service() {
                Some(service) => service.supports_resource_control_policies(),
                None => !action.prefix.contains(['*', '?']),
            };
            if !is_fine {
                let details = format!(
                    "Resource control policies do not apply to the service of `{}`. Use the prefix of a service that \
                     they cover, such as `s3`.",
                    action.text.value
                );
                report.at(action.text.span, details);
            }
        }
    }
}
