#![doc = include_str!("irrelevant_condition_key_in_policy.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "IRRELEVANT_CONDITION_KEY_IN_POLICY",
    finding_type: FindingType::Suggestion,
    page: include_str!("irrelevant_condition_key_in_policy.md"),
    run,
};

/// Keys that describe the resource's owner, who is always the same in the policy of a resource.
const OWNER_KEYS: &[&str] =
    &["aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths", "s3:ResourceAccount"];

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if !matches!(document.kind, PolicyKind::Resource(Some(_))) {
        return;
    }
    for condition in document.conditions() {
        if OWNER_KEYS.iter().any(|key| condition.is_key(key)) {
            let details = format!(
                "`{}` has one value for everything that {} is about, so it decides nothing here. Use it in identity \
                 policies.",
                condition.key.value,
                document.kind.describe()
            );
            report.at(condition.key.span, details);
        }
    }
}
