#![doc = include_str!("arn_region_not_allowed.md")]

use crate::arn::{ArnText, Field, Fit};
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "ARN_REGION_NOT_ALLOWED",
    finding_type: FindingType::Error,
    page: include_str!("arn_region_not_allowed.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for resource in document.resources() {
        if let Some(arn) = resource.arn.filter(|arn| has_text(arn.region))
            && let Fit::Some { region: Field::Empty, .. } = resource.fit()
        {
            let details = format!(
                "ARNs of this type have no Region in `{}`. Leave the Region empty.",
                arn.service
            );
            let fixed = ArnText { region: "", ..arn };
            report.replace(resource.text.span, fixed.to_json(), details);
        }
    }
}

/// Whether the field holds something; `*` also stands for nothing.
fn has_text(field: &str) -> bool {
    !field.bytes().all(|byte| byte == b'*')
}
