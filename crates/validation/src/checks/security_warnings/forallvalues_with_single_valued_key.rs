#![doc = include_str!("forallvalues_with_single_valued_key.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::repair::change_operator;
use crate::report::Report;
use ringfence_policy::{Comparison, ConditionOperator, Qualifier};

pub(super) const CHECK: Check = Check {
    issue_code: "FORALLVALUES_WITH_SINGLE_VALUED_KEY",
    finding_type: FindingType::SecurityWarning,
    page: include_str!("forallvalues_with_single_valued_key.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for (statement, condition) in document.conditions_of_statements() {
        let Some(operator) = condition.operator else { continue };
        let is_single = condition.definition().is_some_and(|key| !key.is_multi_valued());
        let is_null = operator.comparison == Comparison::Null;
        if operator.qualifier == Qualifier::ForAllValues && is_single && !is_null {
            let details = format!(
                "`ForAllValues` also matches requests without `{}`, which never has more than one value. Remove \
                 `ForAllValues:`.",
                condition.key.value
            );
            let better = ConditionOperator { qualifier: Qualifier::None, ..operator };
            let replacement = change_operator(statement, condition, better);
            report.repair(vec![condition.key.span], replacement, details);
        }
    }
}
