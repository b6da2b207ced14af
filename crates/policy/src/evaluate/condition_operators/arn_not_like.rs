#![doc = include_str!("arn_not_like.md")]

use super::arn_like;
use crate::evaluate::condition::Test;

pub(super) const TEST: Test = Test::NoneOf(arn_like::is_like);
