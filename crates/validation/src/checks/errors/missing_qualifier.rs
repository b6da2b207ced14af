#![doc = include_str!("missing_qualifier.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Comparison;
use ringfence_policy::Qualifier;
use ringfence_policy::catalogue::ConditionKey;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_QUALIFIER",
    finding_type: FindingType::Error,
    page: include_str!("missing_qualifier.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        let needs_one = condition.operator.is_some()
            && condition.qualifier() == Qualifier::None
            && condition.comparison() != Some(Comparison::Null);
        if needs_one && condition.definition().is_some_and(ConditionKey::is_multi_valued) {
            let details = format!(
                "A request can hold several values of `{}`, and `{1}` compares one. Write `ForAnyValue:{1}` or \
                 `ForAllValues:{1}`.",
                condition.key.value, condition.operator_name.value
            );
            report.at(condition.key.span, details);
        }
    }
}
