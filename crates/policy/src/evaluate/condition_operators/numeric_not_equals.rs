#![doc = include_str!("numeric_not_equals.md")]

use std::cmp::Ordering;

use super::numeric_equals::compare;
use crate::evaluate::condition::Test;

pub(super) const TEST: Test =
    Test::NoneOf(|value, pattern| compare(value, pattern).is_some_and(Ordering::is_eq));
