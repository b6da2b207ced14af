#![doc = include_str!("type_mismatch_ip_range.md")]

use crate::checks::Check;
use crate::cidr::Cidr;
use crate::document::{Document, Text};
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Comparison;

pub(super) const CHECK: Check = Check {
    issue_code: "TYPE_MISMATCH_IP_RANGE",
    finding_type: FindingType::Error,
    page: include_str!("type_mismatch_ip_range.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        let is_ip = matches!(
            condition.comparison(),
            Some(Comparison::IpAddress | Comparison::NotIpAddress)
        );
        if !is_ip {
            continue;
        }
        let wrong =
            |value: &Text<'_>| !value.value.contains("${") && Cidr::parse(value.value).is_none();
        for value in condition.values().filter(wrong) {
            let details = format!(
                "`{}` is no address range, which `{}` compares with. Write one such as `203.0.113.0/24`.",
                value.value, condition.operator_name.value
            );
            report.at(value.span, details);
        }
    }
}
