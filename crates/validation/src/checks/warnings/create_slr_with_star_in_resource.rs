#![doc = include_str!("create_slr_with_star_in_resource.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use crate::role_permissions::{Allowed, CREATE_SERVICE_LINKED_ROLE, Covered};

pub(super) const CHECK: Check = Check {
    issue_code: "CREATE_SLR_WITH_STAR_IN_RESOURCE",
    finding_type: FindingType::Warning,
    page: include_str!("create_slr_with_star_in_resource.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for places in CREATE_SERVICE_LINKED_ROLE.grants(document, Allowed::Named, Covered::Star) {
        let details = "The statement names `iam:CreateServiceLinkedRole` on every role, so any service-linked role can be created that way. \
                       Name the roles in `Resource`, or limit the services with `iam:AWSServiceName`.";
        report.at_all(places, details);
    }
}
