//! The pages of the condition operators, for programs that show them.

use crate::condition_operator::{Comparison, ConditionOperator, IfExists, Qualifier};

macro_rules! page {
    ($name:literal) => {
        include_str!(concat!("condition_operators/", $name, ".md"))
    };
}

/// The pages, in Markdown, that say what an operator means: that of its comparison, then those of its qualifier and
/// its suffix where it has them. A page opens with a paragraph that stands for itself.
#[must_use]
pub fn condition_operator_pages(operator: ConditionOperator) -> Vec<&'static str> {
    let qualifier = match operator.qualifier {
        Qualifier::None => None,
        Qualifier::ForAllValues => Some(page!("for_all_values")),
        Qualifier::ForAnyValue => Some(page!("for_any_value")),
    };
    let suffix = match operator.if_exists {
        IfExists::Yes => Some(page!("if_exists")),
        IfExists::No => None,
    };
    [Some(comparison_page(operator.comparison)), qualifier, suffix].into_iter().flatten().collect()
}

fn comparison_page(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::StringEquals => page!("string_equals"),
        Comparison::StringNotEquals => page!("string_not_equals"),
        Comparison::StringEqualsIgnoreCase => page!("string_equals_ignore_case"),
        Comparison::StringNotEqualsIgnoreCase => page!("string_not_equals_ignore_case"),
        Comparison::StringLike => page!("string_like"),
        Comparison::StringNotLike => page!("string_not_like"),
        Comparison::NumericEquals => page!("numeric_equals"),
        Comparison::NumericNotEquals => page!("numeric_not_equals"),
        Comparison::NumericLessThan => page!("numeric_less_than"),
        Comparison::NumericLessThanEquals => page!("numeric_less_than_equals"),
        Comparison::NumericGreaterThan => page!("numeric_greater_than"),
        Comparison::NumericGreaterThanEquals => page!("numeric_greater_than_equals"),
        Comparison::DateEquals => page!("date_equals"),
        Comparison::DateNotEquals => page!("date_not_equals"),
        Comparison::DateLessThan => page!("date_less_than"),
        Comparison::DateLessThanEquals => page!("date_less_than_equals"),
        Comparison::DateGreaterThan => page!("date_greater_than"),
        Comparison::DateGreaterThanEquals => page!("date_greater_than_equals"),
        Comparison::Bool => page!("bool"),
        Comparison::BinaryEquals => page!("binary_equals"),
        Comparison::IpAddress => page!("ip_address"),
        Comparison::NotIpAddress => page!("not_ip_address"),
        Comparison::ArnEquals => page!("arn_equals"),
        Comparison::ArnLike => page!("arn_like"),
        Comparison::ArnNotEquals => page!("arn_not_equals"),
        Comparison::ArnNotLike => page!("arn_not_like"),
        Comparison::Null => page!("null"),
    }
}
