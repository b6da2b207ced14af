#![doc = include_str!("string_like.md")]

use crate::evaluate::condition::Test;
use crate::evaluate::glob;
use crate::pattern::Pattern;

pub(super) const TEST: Test = Test::AnyOf(is_like);

pub(super) fn is_like(value: &str, pattern: &Pattern) -> bool {
    glob::matches(&glob::symbols(pattern), value)
}
