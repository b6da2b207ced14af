//! Numbers as the values of numeric operators.

use ringfence_policy::Comparison;

use crate::document::Condition;

/// Whether the operator compares numbers.
pub(crate) fn is_numeric(condition: &Condition<'_>) -> bool {
    matches!(
        condition.comparison(),
        Some(
            Comparison::NumericEquals
                | Comparison::NumericNotEquals
                | Comparison::NumericLessThan
                | Comparison::NumericLessThanEquals
                | Comparison::NumericGreaterThan
                | Comparison::NumericGreaterThanEquals
        )
    )
}

/// The number that the text is: digits with sign and fraction, nothing else.
pub(crate) fn number(text: &str) -> Option<f64> {
    let is_part = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+');
    if text.bytes().all(is_part) { text.parse().ok() } else { None }
}
