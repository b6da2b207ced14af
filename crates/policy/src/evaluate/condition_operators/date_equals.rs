#![doc = include_str!("date_equals.md")]

use std::cmp::Ordering;

use crate::evaluate::condition::Test;
use crate::evaluate::instant;
use crate::pattern::Pattern;

pub(super) const TEST: Test =
    Test::AnyOf(|value, pattern| compare(value, pattern).is_some_and(Ordering::is_eq));

/// How the request's instant stands to the policy's; nothing when one of them is no instant.
pub(super) fn compare(value: &str, pattern: &Pattern) -> Option<Ordering> {
    Some(instant::parse(value)?.cmp(&instant::parse(pattern.as_literal()?)?))
}
