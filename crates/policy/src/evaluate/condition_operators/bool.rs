#![doc = include_str!("bool.md")]

use crate::evaluate::condition::Test;
use crate::pattern::Pattern;

pub(super) const TEST: Test = Test::AnyOf(same_truth);

fn same_truth(value: &str, pattern: &Pattern) -> bool {
    let wanted = pattern.as_literal().and_then(truth);
    wanted.is_some() && truth(value) == wanted
}

/// The truth value that a text spells, in any case.
pub(super) fn truth(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}
