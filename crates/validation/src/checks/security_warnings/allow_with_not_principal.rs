#![doc = include_str!("allow_with_not_principal.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "ALLOW_WITH_NOT_PRINCIPAL",
    finding_type: FindingType::SecurityWarning,
    page: include_str!("allow_with_not_principal.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for principals in document.allow_statements().filter_map(|s| s.not_principal.as_ref()) {
        let details = "The statement allows everyone but those it names, anonymous callers too. Name in `Principal` who \
                       is allowed.";
        report.at(principals.key.span, details);
    }
}
