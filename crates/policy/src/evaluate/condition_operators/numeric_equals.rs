#![doc = include_str!("numeric_equals.md")]

use std::cmp::Ordering;

use crate::evaluate::condition::Test;
use crate::pattern::Pattern;

pub(super) const TEST: Test =
    Test::AnyOf(|value, pattern| compare(value, pattern).is_some_and(Ordering::is_eq));

/// How the request's number stands to the policy's; nothing when one of them is no number.
pub(super) fn compare(value: &str, pattern: &Pattern) -> Option<Ordering> {
    number(value)?.partial_cmp(&number(pattern.as_literal()?)?)
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}
