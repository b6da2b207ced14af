#![doc = include_str!("rcp_syntax_error_notaction.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "RCP_SYNTAX_ERROR_NOTACTION",
    finding_type: FindingType::Error,
    page: include_str!("rcp_syntax_error_notaction.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::ResourceControl {
        return;
    }
    for element in document.statements.iter().filter_map(|statement| statement.not_action.as_ref())
    {
        let details =
            "Resource control policies take no `NotAction`. List in `Action` what is forbidden.";
        report.at(element.key.span, details);
    }
}
