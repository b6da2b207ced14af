#![doc = include_str!("invalid_region.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::regions;
use crate::report::Report;
use ringfence_policy::Comparison;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_REGION",
    finding_type: FindingType::Error,
    page: include_str!("invalid_region.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        if !condition.is_key("aws:RequestedRegion")
            || condition.comparison() == Some(Comparison::Null)
        {
            continue;
        }
        for value in condition.strings().filter(|value| !regions::can_be_region(value.value)) {
            let details = format!(
                "`{}` is no Region, so the condition matches no request by it. Write the code of one, such as \
                 `us-east-1`.",
                value.value
            );
            report.at(value.span, details);
        }
    }
}
