#![doc = include_str!("condition_never_true.md")]

use super::OwnCheck;
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::meaning::ConditionMeaning;
use crate::report::Report;
use ringfence_policy::Effect;

pub(super) const CHECK: OwnCheck = OwnCheck {
    check: Check {
        issue_code: "CONDITION_NEVER_TRUE",
        finding_type: FindingType::Warning,
        page: include_str!("condition_never_true.md"),
        run,
    },
    learn_more: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html",
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let Ok(meaning) = document.meaning() else { return };
    for judged in meaning.conditions() {
        // What could not be decided is told by the check of conditions that are always true.
        if judged.verdict == Ok(ConditionMeaning::NeverTrue) {
            let effect = match meaning.effect_around(judged.place) {
                Some(Effect::Deny) => "denies",
                Some(Effect::Allow) | None => "allows",
            };
            let details = format!(
                "No request meets this condition, so the statement {effect} nothing. Write values that the key can have."
            );
            report.at(judged.place, details);
        }
    }
}
