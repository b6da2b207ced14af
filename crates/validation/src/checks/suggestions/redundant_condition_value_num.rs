#![doc = include_str!("redundant_condition_value_num.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::numbers::number;
use crate::report::Report;
use ringfence_policy::Comparison;

pub(super) const CHECK: Check = Check {
    issue_code: "REDUNDANT_CONDITION_VALUE_NUM",
    finding_type: FindingType::Suggestion,
    page: include_str!("redundant_condition_value_num.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions().filter(|condition| condition.elements().len() > 1) {
        let greatest = match condition.comparison() {
            Some(Comparison::NumericLessThan | Comparison::NumericLessThanEquals) => true,
            Some(Comparison::NumericGreaterThan | Comparison::NumericGreaterThanEquals) => false,
            _ => continue,
        };
        let numbers: Option<Vec<(f64, &str)>> =
            condition.values().map(|value| Some((number(value.value)?, value.value))).collect();
        let Some(mut numbers) = numbers else { continue };
        numbers.sort_by(|(left, _), (right, _)| left.total_cmp(right));
        let (which, kept) = match greatest {
            true => ("greatest", numbers.last()),
            false => ("least", numbers.first()),
        };
        if let Some((_, kept)) = kept {
            let details = format!(
                "Under `{}` only the {which} of several numbers counts. Write `{kept}` alone.",
                condition.operator_name.value
            );
            report.replace(condition.value.span, format!("\"{kept}\""), details);
        }
    }
}
