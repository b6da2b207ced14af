#![doc = include_str!("string_not_like.md")]

use super::string_like;
use crate::evaluate::condition::Test;

pub(super) const TEST: Test = Test::NoneOf(string_like::is_like);
