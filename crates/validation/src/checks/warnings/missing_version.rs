#![doc = include_str!("missing_version.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::finding::Replacement;
use crate::report::Report;
use ringfence_policy::json::Kind;
use ringfence_policy::location::ByteSpan;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_VERSION",
    finding_type: FindingType::Warning,
    page: include_str!("missing_version.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.version.is_some() || !matches!(document.root.kind, Kind::Object(_)) {
        return;
    }
    let details = "The policy names no version, so AWS reads it as one of 2008, without variables. Add `\"Version\": \
                   \"2012-10-17\"`.";
    let behind_brace = document.root.span.start as usize + 1;
    let replacement = Replacement {
        span: ByteSpan::new(behind_brace, behind_brace),
        text: "\"Version\": \"2012-10-17\", ".to_owned(),
    };
    // An empty object would need no comma, and has graver problems.
    let replacement = (!document.root.members().is_empty()).then_some(replacement);
    report.repair(vec![document.span()], replacement, details);
}
