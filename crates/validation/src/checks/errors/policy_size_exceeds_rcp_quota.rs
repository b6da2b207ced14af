#![doc = include_str!("policy_size_exceeds_rcp_quota.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;
use crate::size;

pub(super) const CHECK: Check = Check {
    issue_code: "POLICY_SIZE_EXCEEDS_RCP_QUOTA",
    finding_type: FindingType::Error,
    page: include_str!("policy_size_exceeds_rcp_quota.md"),
    run,
};

/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
const QUOTA: usize = 5120;

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let size = size::characters(document);
    if document.kind == PolicyKind::ResourceControl && size > QUOTA {
        let details = format!(
            "The policy has {size} characters, and AWS Organizations takes {QUOTA}. Remove white space, or split it \
             into several policies."
        );
        report.at(document.span(), details);
    }
}
