#![doc = include_str!("arn_like.md")]

use crate::evaluate::condition::Test;
use crate::evaluate::glob::{self, Symbol};
use crate::pattern::Pattern;

pub(super) const TEST: Test = Test::AnyOf(is_like);

pub(super) fn is_like(value: &str, pattern: &Pattern) -> bool {
    let fields: Vec<&str> = value.splitn(6, ':').collect();
    if fields.len() != 6 || fields.first() != Some(&"arn") {
        return false;
    }
    if pattern.is_any() {
        return true;
    }
    let symbols = glob::symbols(pattern);
    let patterns: Vec<_> = symbols.splitn(6, |symbol| *symbol == Symbol::Character(':')).collect();
    patterns.len() == 6
        && patterns.iter().zip(fields).all(|(pattern, field)| glob::matches(pattern, field))
}
