#![doc = include_str!("unique_sids_recommended.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::duplicate_sids::duplicate_sids;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "UNIQUE_SIDS_RECOMMENDED",
    finding_type: FindingType::Warning,
    page: include_str!("unique_sids_recommended.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind.is_stored_by_iam() {
        return; // UNIQUE_SIDS_REQUIRED.
    }
    for (sid, places) in duplicate_sids(document) {
        let details = format!(
            "The Sid `{sid}` stands in more than one statement, so it names none. Give every statement a Sid of its \
             own."
        );
        report.at_all(places, details);
    }
}
