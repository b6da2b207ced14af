#![doc = include_str!("string_not_equals.md")]

use super::string_equals;
use crate::evaluate::condition::Test;

pub(super) const TEST: Test = Test::NoneOf(string_equals::equals);
