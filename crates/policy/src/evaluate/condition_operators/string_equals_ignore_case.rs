#![doc = include_str!("string_equals_ignore_case.md")]

use crate::evaluate::condition::Test;
use crate::pattern::Pattern;

pub(super) const TEST: Test = Test::AnyOf(equals_ignoring_case);

pub(super) fn equals_ignoring_case(value: &str, pattern: &Pattern) -> bool {
    let folded = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
    pattern.as_literal().is_some_and(|text| folded(text) == folded(value))
}
