#![doc = include_str!("unsupported_global_condition_key.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "UNSUPPORTED_GLOBAL_CONDITION_KEY",
    finding_type: FindingType::Error,
    page: include_str!("unsupported_global_condition_key.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if !document.kind.is_resource_based() {
        return; // Elsewhere the key still works: DEPRECATED_GLOBAL_CONDITION_KEY.
    }
    for condition in document.conditions().filter(|condition| condition.is_key("aws:ARN")) {
        let details = "Resource policies do not know the condition key `aws:ARN`. Write `aws:PrincipalArn` for the \
                       caller, or `aws:SourceArn` for the resource on whose behalf a service calls.";
        report.at(condition.key.span, details);
    }
}
