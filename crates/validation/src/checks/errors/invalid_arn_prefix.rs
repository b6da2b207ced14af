#![doc = include_str!("invalid_arn_prefix.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_ARN_PREFIX",
    finding_type: FindingType::Error,
    page: include_str!("invalid_arn_prefix.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for resource in document.resources() {
        let text = resource.text.value;
        if !resource.is_everything() && text.split(':').next() != Some("arn") {
            let details = format!(
                "`{text}` does not begin with `arn:`. Write the whole ARN of the resource, or `*` for all."
            );
            report.at(resource.text.span, details);
        }
    }
}
