#![doc = include_str!("equivalent_to_null_false.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::lone_star::lone_star;
use crate::repair::say_with_null;
use crate::report::Report;
use ringfence_policy::Comparison;
use ringfence_policy::Qualifier;

pub(super) const CHECK: Check = Check {
    issue_code: "EQUIVALENT_TO_NULL_FALSE",
    finding_type: FindingType::Suggestion,
    page: include_str!("equivalent_to_null_false.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for (statement, condition) in document.conditions_of_statements() {
        let is_like =
            matches!(condition.comparison(), Some(Comparison::StringLike | Comparison::ArnLike));
        let matches_only_with_key =
            !condition.if_exists() && condition.qualifier() != Qualifier::ForAllValues;
        if is_like
            && matches_only_with_key
            && let Some(star) = lone_star(condition)
        {
            let details = format!(
                "A lone `*` matches every value, so this asks only whether `{0}` is there. Say so: `\"Null\": \
                 {{\"{0}\": \"false\"}}`.",
                condition.key.value
            );
            let replacement = say_with_null(statement, condition, "false");
            report.repair(vec![star], replacement, details);
        }
    }
}
