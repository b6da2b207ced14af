#![doc = include_str!("reasoning_undecided.md")]

use super::OwnCheck;
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: OwnCheck = OwnCheck {
    check: Check {
        issue_code: "REASONING_UNDECIDED",
        finding_type: FindingType::Suggestion,
        page: include_str!("reasoning_undecided.md"),
        run,
    },
    learn_more: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
};

/// What single questions leave undecided is told by the checks that ask them, under this code.
fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if let Err(diagnostic) = document.meaning() {
        let details = format!(
            "What the policy means was not looked at, because something is wrong with it here: {}. Repair it first.",
            diagnostic.message
        );
        report.at(diagnostic.span, details);
    }
}
