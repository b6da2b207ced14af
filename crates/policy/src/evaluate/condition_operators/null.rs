#![doc = include_str!("null.md")]

use super::bool::truth;
use crate::pattern::Pattern;

/// Whether the key's absence is as the policy's value says.
pub(super) const TEST: fn(&[String], &Pattern) -> bool = |values, wanted| {
    let is_absent = values.is_empty();
    wanted.as_literal().and_then(truth) == Some(is_absent)
};
