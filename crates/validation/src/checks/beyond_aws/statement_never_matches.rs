#![doc = include_str!("statement_never_matches.md")]

use super::OwnCheck;
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::meaning::ConditionMeaning;
use crate::report::Report;

pub(super) const CHECK: OwnCheck = OwnCheck {
    check: Check {
        issue_code: "STATEMENT_NEVER_MATCHES",
        finding_type: FindingType::Warning,
        page: include_str!("statement_never_matches.md"),
        run,
    },
    learn_more: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html",
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let Ok(meaning) = document.meaning() else { return };
    for judged in meaning.conditions() {
        // What could not be decided is told by the check of conditions that are always true.
        if judged.verdict == Ok(ConditionMeaning::StatementNeverMatches) {
            report.at(
                judged.place,
                "No request matches all elements of the statement: what its conditions, or its conditions and its \
                 principal, ask for excludes each other. Split it into several statements, or correct the values.",
            );
        }
    }
}
