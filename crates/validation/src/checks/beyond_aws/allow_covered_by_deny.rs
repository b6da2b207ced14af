#![doc = include_str!("allow_covered_by_deny.md")]

use super::OwnCheck;
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::meaning::Coverage;
use crate::report::Report;

pub(super) const CHECK: OwnCheck = OwnCheck {
    check: Check {
        issue_code: "ALLOW_COVERED_BY_DENY",
        finding_type: FindingType::Warning,
        page: include_str!("allow_covered_by_deny.md"),
        run,
    },
    learn_more: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let Ok(meaning) = document.meaning() else { return };
    for (own, covered) in meaning.covered(document, Coverage::AllowByDeny) {
        match covered {
            Ok(covered) => {
                let by = meaning.names(&covered.by);
                let places = std::iter::once(own).chain(meaning.places(&covered.by)).collect();
                report.at_all(places, format!(
                    "The statement grants nothing: each request that it matches is denied by {by}. Remove it, or let the \
                     Deny leave out what was meant to be allowed."
                ));
            }
            Err(limit) => report.undecided(own, limit),
        }
    }
}
