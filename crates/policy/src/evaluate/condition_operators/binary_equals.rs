#![doc = include_str!("binary_equals.md")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::evaluate::condition::Test;
use crate::pattern::Pattern;

pub(super) const TEST: Test = Test::AnyOf(same_bytes);

fn same_bytes(value: &str, pattern: &Pattern) -> bool {
    let wanted = pattern.as_literal().and_then(bytes);
    wanted.is_some() && bytes(value) == wanted
}

fn bytes(base64: &str) -> Option<Vec<u8>> {
    STANDARD.decode(base64).ok()
}
