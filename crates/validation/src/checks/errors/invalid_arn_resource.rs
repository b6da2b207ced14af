#![doc = include_str!("invalid_arn_resource.md")]

use crate::checks::Check;
use crate::document::{Document};
use crate::finding::FindingType;
use crate::report::Report;
use crate::arn::{self, Fit};

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_ARN_RESOURCE",
    finding_type: FindingType::Error,
    page: include_str!("invalid_arn_resource.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for resource in document.resources() {
        // AWS does not judge patterns: its own managed policies have many that match no documented form.
        let is_plain = arn::is_plain(resource.text.value);
        if let Some((arn, Fit::None)) = resource.arn_and_fit().filter(|_| is_plain) {
            let details = format!(
                "No type of resource of `{}` has an ARN that ends in `{}`. Write the resource in one of the forms \
                 that the service documents.",
                arn.service, arn.resource
            );
            report.at(resource.text.span, details);
        }
    }
}
