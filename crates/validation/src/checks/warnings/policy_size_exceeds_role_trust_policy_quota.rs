#![doc = include_str!("policy_size_exceeds_role_trust_policy_quota.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;
use crate::size;

pub(super) const CHECK: Check = Check {
    issue_code: "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",
    finding_type: FindingType::Warning,
    page: include_str!("policy_size_exceeds_role_trust_policy_quota.md"),
    run,
};

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length>
const QUOTA: usize = 2048;

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::RoleTrust || document.text.len() <= QUOTA {
        return;
    }
    let size = size::without_white_space(document);
    if size > QUOTA {
        let details = format!(
            "The trust policy has {size} characters without white space, and IAM takes {QUOTA} unless the quota was \
             raised. Shorten it, or ask for a larger quota."
        );
        report.at(document.span(), details);
    }
}
