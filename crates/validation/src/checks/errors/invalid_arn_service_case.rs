#![doc = include_str!("invalid_arn_service_case.md")]

use crate::arn::ArnText;
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_ARN_SERVICE_CASE",
    finding_type: FindingType::Error,
    page: include_str!("invalid_arn_service_case.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for resource in document.resources() {
        let Some(arn) = resource.arn else { continue };
        if arn.service.bytes().any(|byte| byte.is_ascii_uppercase()) && !arn.service.contains("${")
        {
            let lower = arn.service.to_ascii_lowercase();
            let details = format!(
                "The service `{}` of this ARN has capital letters, and matches no resource. Write `{lower}`.",
                arn.service
            );
            let fixed = ArnText { service: &lower, ..arn };
            report.replace(resource.text.span, fixed.to_json(), details);
        }
    }
}
