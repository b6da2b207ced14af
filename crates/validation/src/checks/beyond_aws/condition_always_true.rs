#![doc = include_str!("condition_always_true.md")]

use super::OwnCheck;
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::meaning::ConditionMeaning;
use crate::report::Report;

pub(super) const CHECK: OwnCheck = OwnCheck {
    check: Check {
        issue_code: "CONDITION_ALWAYS_TRUE",
        finding_type: FindingType::Suggestion,
        page: include_str!("condition_always_true.md"),
        run,
    },
    learn_more: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html",
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let Ok(meaning) = document.meaning() else { return };
    for judged in meaning.conditions() {
        match judged.verdict {
            Ok(ConditionMeaning::AlwaysTrue) => report.at(
                judged.place,
                "Every request meets this condition, so it limits nothing. Remove it, or write the values and the operator \
                 that were meant.",
            ),
            Ok(ConditionMeaning::ImpliedByStatement) => report.at(
                judged.place,
                "Every request that the rest of the statement matches meets this condition, so it limits nothing more. \
                 Remove it, or write what was meant.",
            ),
            Ok(ConditionMeaning::NeverTrue | ConditionMeaning::StatementNeverMatches) => {}
            Err(limit) => report.undecided(judged.place, limit),
        }
    }
}
