#![doc = include_str!("allow_covered_by_statements.md")]

use super::OwnCheck;
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::meaning::Coverage;
use crate::report::Report;

pub(super) const CHECK: OwnCheck = OwnCheck {
    check: Check {
        issue_code: "ALLOW_COVERED_BY_STATEMENTS",
        finding_type: FindingType::Suggestion,
        page: include_str!("allow_covered_by_statements.md"),
        run,
    },
    learn_more: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let Ok(meaning) = document.meaning() else { return };
    for (own, covered) in meaning.covered(document, Coverage::AllowByAllow) {
        match covered {
            Ok(covered) => {
                let by = meaning.names(&covered.by);
                let places = std::iter::once(own).chain(meaning.places(&covered.by)).collect();
                report.at_all(places, format!(
                    "The statement grants nothing more: each request that it matches is allowed by {by}. Remove it, or \
                     narrow the other if this one says what was meant."
                ));
            }
            Err(limit) => report.undecided(own, limit),
        }
    }
}
