#![doc = include_str!("arn_equals.md")]

use super::arn_like;
use crate::evaluate::condition::Test;

pub(super) const TEST: Test = Test::AnyOf(arn_like::is_like);
