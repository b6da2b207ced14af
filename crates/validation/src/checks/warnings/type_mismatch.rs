#![doc = include_str!("type_mismatch.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::repair::change_operator;
use crate::report::Report;
use ringfence_policy::catalogue::ConditionValueType;
use ringfence_policy::{Comparison, ConditionOperator};

pub(super) const CHECK: Check = Check {
    issue_code: "TYPE_MISMATCH",
    finding_type: FindingType::Warning,
    page: include_str!("type_mismatch.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for (statement, condition) in document.conditions_of_statements() {
        let (Some(operator), Some(key)) = (condition.operator, condition.definition()) else {
            continue;
        };
        let types = key.value_types();
        if types.iter().any(|value_type| fits(operator.comparison, *value_type)) {
            continue;
        }
        let details = format!(
            "`{}` compares values of another type than `{}` has. Use an operator for {}.",
            condition.operator_name.value,
            condition.key.value,
            key.value_type().as_str()
        );
        let better = counterpart(operator.comparison, key.value_type());
        let replacement = better.and_then(|comparison| {
            change_operator(statement, condition, ConditionOperator { comparison, ..operator })
        });
        report.repair(vec![condition.key.span], replacement, details);
    }
}

/// The comparison of equality for this type that means what the given one means; none where there is none.
fn counterpart(comparison: Comparison, value_type: ConditionValueType) -> Option<Comparison> {
    let is_equality = matches!(
        comparison,
        Comparison::StringEquals
            | Comparison::StringEqualsIgnoreCase
            | Comparison::StringNotEquals
            | Comparison::StringNotEqualsIgnoreCase
    );
    let pick = |equal, not_equal| Some(if comparison.is_negated() { not_equal } else { equal });
    match value_type {
        _ if !is_equality => None,
        ConditionValueType::Bool => (!comparison.is_negated()).then_some(Comparison::Bool),
        ConditionValueType::Numeric => {
            pick(Comparison::NumericEquals, Comparison::NumericNotEquals)
        }
        ConditionValueType::Date => pick(Comparison::DateEquals, Comparison::DateNotEquals),
        ConditionValueType::IpAddress => pick(Comparison::IpAddress, Comparison::NotIpAddress),
        ConditionValueType::String | ConditionValueType::Arn | ConditionValueType::Binary => None,
    }
}

/// Whether AWS takes the comparison for keys of this type.
fn fits(comparison: Comparison, value_type: ConditionValueType) -> bool {
    match family(comparison) {
        Family::Text => matches!(
            value_type,
            ConditionValueType::String | ConditionValueType::Arn | ConditionValueType::Binary
        ),
        Family::Arn => matches!(value_type, ConditionValueType::Arn | ConditionValueType::String),
        Family::One(only) => value_type == only,
        Family::Any => true,
    }
}

/// The types that a comparison is for.
enum Family {
    Text,
    Arn,
    One(ConditionValueType),
    Any,
}

fn family(comparison: Comparison) -> Family {
    match comparison {
        Comparison::StringEquals
        | Comparison::StringNotEquals
        | Comparison::StringEqualsIgnoreCase
        | Comparison::StringNotEqualsIgnoreCase
        | Comparison::StringLike
        | Comparison::StringNotLike => Family::Text,
        Comparison::NumericEquals
        | Comparison::NumericNotEquals
        | Comparison::NumericLessThan
        | Comparison::NumericLessThanEquals
        | Comparison::NumericGreaterThan
        | Comparison::NumericGreaterThanEquals => Family::One(ConditionValueType::Numeric),
        Comparison::DateEquals
        | Comparison::DateNotEquals
        | Comparison::DateLessThan
        | Comparison::DateLessThanEquals
        | Comparison::DateGreaterThan
        | Comparison::DateGreaterThanEquals => Family::One(ConditionValueType::Date),
        Comparison::Bool => Family::One(ConditionValueType::Bool),
        Comparison::BinaryEquals => Family::One(ConditionValueType::Binary),
        Comparison::IpAddress | Comparison::NotIpAddress => {
            Family::One(ConditionValueType::IpAddress)
        }
        Comparison::ArnEquals
        | Comparison::ArnLike
        | Comparison::ArnNotEquals
        | Comparison::ArnNotLike => Family::Arn,
        Comparison::Null => Family::Any,
    }
}
