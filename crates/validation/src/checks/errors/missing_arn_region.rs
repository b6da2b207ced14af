#![doc = include_str!("missing_arn_region.md")]

use crate::checks::Check;
use crate::document::{Document};
use crate::finding::FindingType;
use crate::report::Report;
use crate::arn::{Field, Fit};

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_ARN_REGION",
    finding_type: FindingType::Error,
    page: include_str!("missing_arn_region.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for resource in document.resources() {
        if let Some((arn, Fit::Some { region: Field::Filled, .. })) = resource.arn_and_fit()
            && arn.region.is_empty()
        {
            let details = format!(
                "ARNs of this type of `{}` have a Region, and this one matches none. Add the Region, or `*` for all.",
                arn.service
            );
            report.at(resource.text.span, details);
        }
    }
}
