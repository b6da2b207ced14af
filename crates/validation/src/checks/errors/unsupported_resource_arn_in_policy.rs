#![doc = include_str!("unsupported_resource_arn_in_policy.md")]

use crate::attachment;
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "UNSUPPORTED_RESOURCE_ARN_IN_POLICY",
    finding_type: FindingType::Error,
    page: include_str!("unsupported_resource_arn_in_policy.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let PolicyKind::Resource(Some(resource_type)) = document.kind else { return };
    let forms = attachment::arn_forms(resource_type);
    for resource in document.resources() {
        let is_supported = match resource.arn {
            Some(arn) => forms.iter().any(|form| arn.can_be(form)),
            // Another text that is no ARN has checks of its own.
            None => !resource.is_everything(),
        };
        if !is_supported {
            let details = format!(
                "`{}` is not a resource that {} can be about. Write the ARN of what it is attached to.",
                resource.text.value,
                document.kind.describe()
            );
            report.at(resource.text.span, details);
        }
    }
}
