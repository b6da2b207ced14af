#![doc = include_str!("string_not_equals_ignore_case.md")]

use super::string_equals_ignore_case;
use crate::evaluate::condition::Test;

pub(super) const TEST: Test = Test::NoneOf(string_equals_ignore_case::equals_ignoring_case);
