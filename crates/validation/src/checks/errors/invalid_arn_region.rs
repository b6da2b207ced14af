#![doc = include_str!("invalid_arn_region.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::regions;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_ARN_REGION",
    finding_type: FindingType::Error,
    page: include_str!("invalid_arn_region.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for resource in document.resources() {
        let Some(arn) = resource.arn else { continue };
        if !arn.region.is_empty() && !regions::can_be_region(arn.region) {
            let details = format!(
                "`{}` is no Region. Write the code of one, such as `us-east-1`.",
                arn.region
            );
            report.at(resource.text.span, details);
        }
    }
}
