#![doc = include_str!("equivalent_to_null_true.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::lone_star::lone_star;
use crate::repair::say_with_null;
use crate::report::Report;
use ringfence_policy::Comparison;
use ringfence_policy::Qualifier;

pub(super) const CHECK: Check = Check {
    issue_code: "EQUIVALENT_TO_NULL_TRUE",
    finding_type: FindingType::Suggestion,
    page: include_str!("equivalent_to_null_true.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for (statement, condition) in document.conditions_of_statements() {
        let is_not_like = matches!(
            condition.comparison(),
            Some(Comparison::StringNotLike | Comparison::ArnNotLike)
        );
        if is_not_like
            && condition.qualifier() != Qualifier::ForAnyValue
            && let Some(star) = lone_star(condition)
        {
            let details = format!(
                "A lone `*` matches every value, so this asks only whether `{0}` is absent. Say so: `\"Null\": \
                 {{\"{0}\": \"true\"}}`.",
                condition.key.value
            );
            let replacement = say_with_null(statement, condition, "true");
            report.repair(vec![star], replacement, details);
        }
    }
}
