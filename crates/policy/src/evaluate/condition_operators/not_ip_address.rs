#![doc = include_str!("not_ip_address.md")]

use super::ip_address;
use crate::evaluate::condition::Test;

pub(super) const TEST: Test = Test::NoneOf(ip_address::is_in_range);
