#![doc = include_str!("deny_without_allow.md")]

use super::OwnCheck;
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::meaning::Coverage;
use crate::report::Report;

pub(super) const CHECK: OwnCheck = OwnCheck {
    check: Check {
        issue_code: "DENY_WITHOUT_ALLOW",
        finding_type: FindingType::Suggestion,
        page: include_str!("deny_without_allow.md"),
        run,
    },
    learn_more: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let Ok(meaning) = document.meaning() else { return };
    for (own, covered) in meaning.covered(document, Coverage::DenyWithoutAllow) {
        match covered {
            Ok(_) => report.at(
                own,
                "The statement denies nothing: no Allow of the trust policy matches a request that it matches, and what \
                 no trust policy allows is denied already. Remove it, or correct what it is about.",
            ),
            Err(limit) => report.undecided(own, limit),
        }
    }
}
