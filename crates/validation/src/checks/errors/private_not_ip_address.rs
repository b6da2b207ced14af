#![doc = include_str!("private_not_ip_address.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use crate::source_ip::{Private, private_addresses};
use ringfence_policy::Comparison;

pub(super) const CHECK: Check = Check {
    issue_code: "PRIVATE_NOT_IP_ADDRESS",
    finding_type: FindingType::Error,
    page: include_str!("private_not_ip_address.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for place in private_addresses(document, Comparison::NotIpAddress, Private::All) {
        let details = "All addresses here are private, and `aws:SourceIp` is the public address of the caller, so the \
                       condition always matches. Write public addresses, or use `aws:VpcSourceIp`.";
        report.at(place, details);
    }
}
