#![doc = include_str!("untrustworthy_condition_key.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "UNTRUSTWORTHY_CONDITION_KEY",
    finding_type: FindingType::SecurityWarning,
    page: include_str!("untrustworthy_condition_key.md"),
    run,
};

/// Keys whose values the caller writes:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>.
const WRITTEN_BY_CALLER: &[&str] = &["aws:Referer", "aws:UserAgent"];

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        if WRITTEN_BY_CALLER.iter().any(|key| condition.is_key(key)) {
            let details = format!(
                "Callers send `{}` themselves and can send what they like. Decide access by a key that AWS sets, such \
                 as `aws:PrincipalArn` or `aws:SourceIp`.",
                condition.key.value
            );
            report.at(condition.key.span, details);
        }
    }
}
