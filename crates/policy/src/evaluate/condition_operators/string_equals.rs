#![doc = include_str!("string_equals.md")]

use crate::evaluate::condition::Test;
use crate::pattern::Pattern;

pub(super) const TEST: Test = Test::AnyOf(equals);

pub(super) fn equals(value: &str, pattern: &Pattern) -> bool {
    pattern.as_literal() == Some(value)
}
