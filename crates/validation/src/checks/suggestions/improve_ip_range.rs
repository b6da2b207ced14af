#![doc = include_str!("improve_ip_range.md")]

use crate::checks::Check;
use crate::cidr::Cidr;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Comparison;

pub(super) const CHECK: Check = Check {
    issue_code: "IMPROVE_IP_RANGE",
    finding_type: FindingType::Suggestion,
    page: include_str!("improve_ip_range.md"),
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
        for value in condition.strings() {
            let Some(range) = Cidr::parse(value.value) else { continue };
            let network = range.network();
            if network != range {
                let details = format!(
                    "Only the first {} bits of `{}` count. Write `{network}`, which is the same range.",
                    range.length, value.value
                );
                report.replace(value.span, format!("\"{network}\""), details);
            }
        }
    }
}
