#![doc = include_str!("forallvalues_with_single_valued_key.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Comparison;
use ringfence_policy::Qualifier;

pub(super) const CHECK: Check = Check {
    issue_code: "FORALLVALUES_WITH_SINGLE_VALUED_KEY",
    finding_type: FindingType::SecurityWarning,
    page: include_str!("forallvalues_with_single_valued_key.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        let is_single = condition.definition().is_some_and(|key| !key.is_multi_valued());
        let is_null = condition.comparison() == Some(Comparison::Null);
        if condition.qualifier() == Qualifier::ForAllValues && is_single && !is_null {
            let details = format!(
                "`ForAllValues` also matches requests without `{}`, which never has more than one value. Remove \
                 `ForAllValues:`.",
                condition.key.value
            );
            report.at(condition.key.span, details);
        }
    }
}
