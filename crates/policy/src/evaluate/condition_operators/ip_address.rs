#![doc = include_str!("ip_address.md")]

use crate::evaluate::address;
use crate::evaluate::condition::Test;
use crate::pattern::Pattern;

pub(super) const TEST: Test = Test::AnyOf(is_in_range);

pub(super) fn is_in_range(value: &str, pattern: &Pattern) -> bool {
    pattern.as_literal().is_some_and(|range| address::is_in_range(value, range))
}
