#![doc = include_str!("private_ip_address_subset.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use crate::source_ip::{Private, private_addresses};
use ringfence_policy::Comparison;

pub(super) const CHECK: Check = Check {
    issue_code: "PRIVATE_IP_ADDRESS_SUBSET",
    finding_type: FindingType::Suggestion,
    page: include_str!("private_ip_address_subset.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for place in private_addresses(document, Comparison::IpAddress, Private::Some) {
        let details = "Some of the addresses are private, and `aws:SourceIp` is the public address of the caller, so \
                       they match nobody. Remove them, or use `aws:VpcSourceIp` for them.";
        report.at(place, details);
    }
}
