#![doc = include_str!("invalid_vpc_format.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Comparison;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_VPC_FORMAT",
    finding_type: FindingType::Error,
    page: include_str!("invalid_vpc_format.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        if !condition.is_key("aws:SourceVpc") || condition.comparison() == Some(Comparison::Null) {
            continue;
        }
        for value in condition.strings().filter(|value| !can_be_id(value.value)) {
            let details = format!(
                "`{}` is not the id of a VPC. Write `vpc-` and 8 or 17 letters and digits.",
                value.value
            );
            report.at(value.span, details);
        }
    }
}

/// What holds a wildcard or a variable can be one.
fn can_be_id(text: &str) -> bool {
    if text.contains(['*', '?']) || text.contains("${") {
        return true;
    }
    text.strip_prefix("vpc-").is_some_and(|id| {
        matches!(id.len(), 8 | 17) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
