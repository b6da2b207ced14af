#![doc = include_str!("missing_paired_condition_keys.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_PAIRED_CONDITION_KEYS",
    finding_type: FindingType::SecurityWarning,
    page: include_str!("missing_paired_condition_keys.md"),
    run,
};

/// Keys that say little without one of others: private addresses are the same in many networks.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
const PAIRS: &[(&str, &[&str])] = &[
    ("aws:VpcSourceIp", &["aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn"]),
    ("aws:Ec2InstanceSourcePrivateIPv4", &["aws:Ec2InstanceSourceVpc"]),
];

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        for condition in &statement.conditions {
            let Some((_, partners)) = PAIRS.iter().find(|(key, _)| condition.is_key(key)) else {
                continue;
            };
            if partners.iter().any(|partner| statement.has_condition_key(partner)) {
                continue;
            }
            let details = format!(
                "`{}` holds addresses that exist in many networks. Say in the same statement which network is meant, \
                 with {}.",
                condition.key.value,
                partners.join(" or ")
            );
            report.at(condition.key.span, details);
        }
    }
}
