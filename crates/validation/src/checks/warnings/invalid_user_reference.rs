#![doc = include_str!("invalid_user_reference.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use crate::unique_ids::is_unique_id;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_USER_REFERENCE",
    finding_type: FindingType::Warning,
    page: include_str!("invalid_user_reference.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for principals in document.statements.iter().flat_map(|s| s.principal_elements()) {
        for group in principals.groups.iter().filter(|group| group.kind.value == "AWS") {
            for name in group.names.iter().filter(|name| is_unique_id(name.value, "AIDA")) {
                let details = format!(
                    "`{}` is the id of a user that may not exist any more; IAM shows ids in the place of deleted \
                     principals. Write the ARN of the user.",
                    name.value
                );
                report.at(name.span, details);
            }
        }
    }
}
