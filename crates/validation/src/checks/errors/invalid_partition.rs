#![doc = include_str!("invalid_partition.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::regions;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_PARTITION",
    finding_type: FindingType::Error,
    page: include_str!("invalid_partition.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for resource in document.resources() {
        let Some(arn) = resource.arn else { continue };
        if !regions::can_be_partition(arn.partition) {
            let details = format!(
                "`{}` is no partition of AWS. Write `aws`, `aws-cn` or `aws-us-gov`.",
                arn.partition
            );
            report.at(resource.text.span, details);
        }
    }
}
