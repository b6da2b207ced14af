#![doc = include_str!("unique_sids_required.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::duplicate_sids::duplicate_sids;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "UNIQUE_SIDS_REQUIRED",
    finding_type: FindingType::Error,
    page: include_str!("unique_sids_required.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if !document.kind.is_stored_by_iam() {
        return; // Other services accept it: UNIQUE_SIDS_RECOMMENDED.
    }
    for (sid, places) in duplicate_sids(document) {
        let details = format!(
            "The Sid `{sid}` stands in more than one statement, and {} must have each once. Give every statement a \
             Sid of its own.",
            document.kind.describe()
        );
        report.at_all(places, details);
    }
}
