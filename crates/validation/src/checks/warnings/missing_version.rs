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
    // An empty object would need no comma, and has graver problems.
    let first = document.root.members().first();
    let replacement = first.map(|first| insertion(document, first.key.span.start));
    report.repair(vec![document.span()], replacement, details);
}

/// A version in front of the first element, on a line of its own where that is so.
fn insertion(document: &Document<'_>, first: u32) -> Replacement {
    let behind_brace = document.root.span.start as usize + 1;
    let space = document.text.get(behind_brace..first as usize).unwrap_or_default();
    let space = if space.contains('\n') { space } else { " " };
    Replacement {
        span: ByteSpan { start: first, end: first },
        text: format!("\"Version\": \"2012-10-17\",{space}"),
    }
}
