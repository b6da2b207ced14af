#![doc = include_str!("rcp_syntax_error_allow.md")]

use crate::checks::Check;
use crate::document::{ActionPattern, Document, ResourcePattern, Statement};
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "RCP_SYNTAX_ERROR_ALLOW",
    finding_type: FindingType::Error,
    page: include_str!("rcp_syntax_error_allow.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::ResourceControl {
        return;
    }
    for statement in document.allow_statements() {
        let Some(effect) = statement.effect else { continue };
        if !allows_everything(statement) {
            let details = "A resource control policy can allow only everything to everyone, without conditions, and \
                           AWS attaches such a policy itself. Write what is forbidden, with `Deny`.";
            report.at(effect.value.span, details);
        }
    }
}

/// The statement of AWS's own `RCPFullAWSAccess`.
fn allows_everything(statement: &Statement<'_>) -> bool {
    let everyone = statement
        .principal
        .as_ref()
        .is_some_and(|principals| principals.value.as_str() == Some("*"));
    everyone
        && statement.condition.is_none()
        && statement.actions().iter().any(ActionPattern::is_everything)
        && statement.resources().iter().any(ResourcePattern::is_everything)
}
