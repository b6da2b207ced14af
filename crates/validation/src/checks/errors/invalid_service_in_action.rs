#![doc = include_str!("invalid_service_in_action.md")]

use crate::checks::Check;
use crate::document::{Document, catalogue};
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_SERVICE_IN_ACTION",
    finding_type: FindingType::Error,
    page: include_str!("invalid_service_in_action.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for action in document.actions() {
        let is_plain = !action.prefix.contains(['*', '?']);
        let is_known = action.service().is_some() || action.is_of_renamed_service();
        if action.name.is_none() || !is_plain || is_known {
            continue;
        }
        let services = catalogue().services().map(|service| service.prefix());
        let details = format!(
            "AWS has no service with the prefix `{}`. Correct the prefix or remove the action.{}",
            action.prefix,
            report.did_you_mean(action.prefix, services)
        );
        report.at(action.text.span, details);
    }
}
