#![doc = include_str!("policy_size_exceeds_identity_policy_quota.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;
use crate::size;

pub(super) const CHECK: Check = Check {
    issue_code: "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",
    finding_type: FindingType::Warning,
    page: include_str!("policy_size_exceeds_identity_policy_quota.md"),
    run,
};

/// The largest of the quotas of inline policies:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length>.
const QUOTA: usize = 10_240;

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::Identity || document.text.len() <= QUOTA {
        return;
    }
    let size = size::without_white_space(document);
    if size > QUOTA {
        let details = format!(
            "The policy has {size} characters without white space, and IAM takes {QUOTA} in one identity. Split it \
             into several policies."
        );
        report.at(document.span(), details);
    }
}
