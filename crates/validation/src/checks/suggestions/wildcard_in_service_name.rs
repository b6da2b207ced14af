#![doc = include_str!("wildcard_in_service_name.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "WILDCARD_IN_SERVICE_NAME",
    finding_type: FindingType::Suggestion,
    page: include_str!("wildcard_in_service_name.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for resource in document.resources() {
        let Some(arn) = resource.arn else { continue };
        if arn.service.contains(['*', '?']) {
            let details = format!(
                "`{}` in the place of the service also matches services that are yet to come. Write the service.",
                arn.service
            );
            report.at(resource.text.span, details);
        }
    }
}
