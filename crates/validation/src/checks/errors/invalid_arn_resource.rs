#![doc = include_str!("invalid_arn_resource.md")]

use crate::arn::{self, Fit};
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_ARN_RESOURCE",
    finding_type: FindingType::Error,
    page: include_str!("invalid_arn_resource.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for resource in document.resources() {
        // AWS does not judge patterns: its own managed policies have many that match no documented form.
        if let Some(arn) = resource.arn.filter(|_| arn::is_plain(resource.text.value))
            && resource.fit() == Fit::None
        {
            let details = format!(
                "No type of resource of `{}` has an ARN that ends in `{}`. Write the resource in one of the forms \
                 that the service documents.",
                arn.service, arn.resource
            );
            report.at(resource.text.span, details);
        }
    }
}
