#![doc = include_str!("missing_arn_region.md")]

use crate::arn::{Field, Fit};
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_ARN_REGION",
    finding_type: FindingType::Error,
    page: include_str!("missing_arn_region.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for resource in document.resources() {
        if let Some(arn) = resource.arn.filter(|arn| arn.region.is_empty())
            && let Fit::Some { region: Field::Filled, .. } = resource.fit()
        {
            let details = format!(
                "ARNs of this type of `{}` have a Region, and this one matches none. Add the Region, or `*` for all.",
                arn.service
            );
            report.at(resource.text.span, details);
        }
    }
}
