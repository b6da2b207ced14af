#![doc = include_str!("type_mismatch.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Comparison;
use ringfence_policy::catalogue::ConditionValueType;

pub(super) const CHECK: Check = Check {
    issue_code: "TYPE_MISMATCH",
    finding_type: FindingType::Warning,
    page: include_str!("type_mismatch.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        let (Some(comparison), Some(key)) = (condition.comparison(), condition.definition()) else {
            continue;
        };
        let types = key.value_types();
        if types.iter().any(|value_type| fits(comparison, *value_type)) {
            continue;
        }
        let wanted = types.first().map_or("String", |value_type| value_type.as_str());
        let details = format!(
            "`{}` compares values of another type than `{}` has. Use an operator for {wanted}.",
            condition.operator_name.value, condition.key.value
        );
        report.at(condition.key.span, details);
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
