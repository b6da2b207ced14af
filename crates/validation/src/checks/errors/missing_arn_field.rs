#![doc = include_str!("missing_arn_field.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_ARN_FIELD",
    finding_type: FindingType::Error,
    page: include_str!("missing_arn_field.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for resource in document.resources() {
        let text = resource.text.value;
        if resource.arn.is_none() && text.split(':').next() == Some("arn") && !text.ends_with('*') {
            let details = format!(
                "`{text}` has fewer fields than an ARN. Write `arn:partition:service:region:account:resource`, and \
                 leave fields empty that the service does not use."
            );
            report.at(resource.text.span, details);
        }
    }
}
