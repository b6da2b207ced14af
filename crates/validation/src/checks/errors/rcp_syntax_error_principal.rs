#![doc = include_str!("rcp_syntax_error_principal.md")]

use crate::checks::Check;
use crate::document::{Document, Principals};
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "RCP_SYNTAX_ERROR_PRINCIPAL",
    finding_type: FindingType::Error,
    page: include_str!("rcp_syntax_error_principal.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::ResourceControl {
        return;
    }
    for statement in &document.statements {
        if let Some(principals) = &statement.not_principal {
            let details = "Resource control policies take no `NotPrincipal`. Write `\"Principal\": \"*\"` with conditions.";
            report.at(principals.key.span, details);
        }
        if let Some(principals) = &statement.principal
            && !is_everyone(principals)
        {
            let details = "Resource control policies take `\"*\"` as `Principal` only. Write it, and name exceptions in \
                           conditions such as `aws:PrincipalArn`.";
            report.at(principals.value.span, details);
        }
    }
}

fn is_everyone(principals: &Principals<'_>) -> bool {
    let mut names = principals.names();
    principals.value.as_str() == Some("*")
        || (principals.groups.iter().all(|group| group.kind.value == "AWS")
            && names.next().is_some_and(|name| name.value == "*")
            && names.next().is_none())
}
