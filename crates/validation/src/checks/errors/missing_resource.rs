#![doc = include_str!("missing_resource.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_RESOURCE",
    finding_type: FindingType::Error,
    page: include_str!("missing_resource.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind == PolicyKind::RoleTrust {
        return; // A trust policy is about its role.
    }
    for statement in &document.statements {
        if statement.resource.is_none() && statement.not_resource.is_none() {
            let details = "The statement does not say which resources it is about. Add `Resource` or `NotResource`.";
            report.at(statement.span(), details);
        }
    }
}
