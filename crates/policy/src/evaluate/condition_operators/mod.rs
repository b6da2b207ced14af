//! The condition operators, one file and one page each.
//!
//! An operator says how one value of the request stands to the values that the policy lists. How many
//! values a key has, and what its absence means, is said once in `evaluate/condition.rs` and on the pages
//! of the set operators and of `IfExists`.

mod arn_equals;
mod arn_like;
mod arn_not_equals;
mod arn_not_like;
mod binary_equals;
mod bool;
mod date_equals;
mod date_greater_than;
mod date_greater_than_equals;
mod date_less_than;
mod date_less_than_equals;
mod date_not_equals;
mod for_all_values;
mod for_any_value;
mod if_exists;
mod ip_address;
mod not_ip_address;
mod null;
mod numeric_equals;
mod numeric_greater_than;
mod numeric_greater_than_equals;
mod numeric_less_than;
mod numeric_less_than_equals;
mod numeric_not_equals;
mod string_equals;
mod string_equals_ignore_case;
mod string_like;
mod string_not_equals;
mod string_not_equals_ignore_case;
mod string_not_like;

pub(super) use for_all_values::every_value_passes;
pub(super) use for_any_value::some_value_passes;
pub(super) use if_exists::settles_absence;

use crate::condition_operator::Comparison;
use crate::evaluate::condition::Operator::{self, AskForKey, Compare};

/// The registry, in the order of AWS's page.
pub(super) fn operator(comparison: Comparison) -> Operator {
    match comparison {
        Comparison::StringEquals => Compare(string_equals::TEST),
        Comparison::StringNotEquals => Compare(string_not_equals::TEST),
        Comparison::StringEqualsIgnoreCase => Compare(string_equals_ignore_case::TEST),
        Comparison::StringNotEqualsIgnoreCase => Compare(string_not_equals_ignore_case::TEST),
        Comparison::StringLike => Compare(string_like::TEST),
        Comparison::StringNotLike => Compare(string_not_like::TEST),
        Comparison::NumericEquals => Compare(numeric_equals::TEST),
        Comparison::NumericNotEquals => Compare(numeric_not_equals::TEST),
        Comparison::NumericLessThan => Compare(numeric_less_than::TEST),
        Comparison::NumericLessThanEquals => Compare(numeric_less_than_equals::TEST),
        Comparison::NumericGreaterThan => Compare(numeric_greater_than::TEST),
        Comparison::NumericGreaterThanEquals => Compare(numeric_greater_than_equals::TEST),
        Comparison::DateEquals => Compare(date_equals::TEST),
        Comparison::DateNotEquals => Compare(date_not_equals::TEST),
        Comparison::DateLessThan => Compare(date_less_than::TEST),
        Comparison::DateLessThanEquals => Compare(date_less_than_equals::TEST),
        Comparison::DateGreaterThan => Compare(date_greater_than::TEST),
        Comparison::DateGreaterThanEquals => Compare(date_greater_than_equals::TEST),
        Comparison::Bool => Compare(bool::TEST),
        Comparison::BinaryEquals => Compare(binary_equals::TEST),
        Comparison::IpAddress => Compare(ip_address::TEST),
        Comparison::NotIpAddress => Compare(not_ip_address::TEST),
        Comparison::ArnEquals => Compare(arn_equals::TEST),
        Comparison::ArnLike => Compare(arn_like::TEST),
        Comparison::ArnNotEquals => Compare(arn_not_equals::TEST),
        Comparison::ArnNotLike => Compare(arn_not_like::TEST),
        Comparison::Null => AskForKey(null::TEST),
    }
}
