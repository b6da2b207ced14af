#![doc = include_str!("deprecated_global_condition_key.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "DEPRECATED_GLOBAL_CONDITION_KEY",
    finding_type: FindingType::Warning,
    page: include_str!("deprecated_global_condition_key.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind.is_resource_based() {
        return; // UNSUPPORTED_GLOBAL_CONDITION_KEY.
    }
    for condition in document.conditions().filter(|condition| condition.is_key("aws:ARN")) {
        let details = "`aws:ARN` is the old name of a condition key. Write `aws:PrincipalArn`.";
        report.replace(condition.key.span, "\"aws:PrincipalArn\"", details);
    }
}
