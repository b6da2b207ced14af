#![doc = include_str!("pass_role_with_star_in_resource_and_not_action.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use crate::role_permissions::{Allowed, Covered, PASS_ROLE};

pub(super) const CHECK: Check = Check {
    issue_code: "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
    finding_type: FindingType::SecurityWarning,
    page: include_str!("pass_role_with_star_in_resource_and_not_action.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for places in PASS_ROLE.grants(document, Allowed::NotAction, Covered::Star) {
        let details = "The statement allows `iam:PassRole` by not excepting it on every role, so any role can be passed to a service that way. \
                       Name the roles in `Resource`, or limit the services with `iam:PassedToService`.";
        report.at_all(places, details);
    }
}
