#![doc = include_str!("invalid_version.md")]

use crate::checks::Check;
use crate::document::{Document, Text};
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_VERSION",
    finding_type: FindingType::Error,
    page: include_str!("invalid_version.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let Some(version) = document.version.and_then(|member| Text::of(&member.value)) else { return };
    if !matches!(version.value, "2012-10-17" | "2008-10-17") {
        let details = format!(
            "`{}` is no version of the policy language. Write `2012-10-17`, the current one.",
            version.value
        );
        report.replace(version.span, "\"2012-10-17\"", details);
    }
}
