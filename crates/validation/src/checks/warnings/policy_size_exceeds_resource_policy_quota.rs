#![doc = include_str!("policy_size_exceeds_resource_policy_quota.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;
use crate::size;

pub(super) const CHECK: Check = Check {
    issue_code: "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
    finding_type: FindingType::Warning,
    page: include_str!("policy_size_exceeds_resource_policy_quota.md"),
    run,
};

/// The largest policy of an S3 bucket, and of a DynamoDB table; other services take less.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html>
const QUOTA: usize = 20_480;

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if !matches!(document.kind, PolicyKind::Resource(_)) || document.text.len() <= QUOTA {
        return;
    }
    let size = size::characters(document);
    if size > QUOTA {
        let details = format!(
            "The policy has {size} characters, and services take {QUOTA} at the most. Write fewer or shorter \
             statements."
        );
        report.at(document.span(), details);
    }
}
