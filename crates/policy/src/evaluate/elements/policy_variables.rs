#![doc = include_str!("policy_variables.md")]

use crate::evaluate::facts::Facts;
use crate::pattern::Pattern;

/// `pattern` with the request's values in the place of its variables; nothing when one has no value.
pub(in crate::evaluate) fn resolve(pattern: &Pattern, facts: &Facts<'_>) -> Option<Pattern> {
    pattern.resolve(|key| facts.single_value(key).map(str::to_owned))
}

/// What stands in the place of one variable.
pub(in crate::evaluate) fn value<'v>(
    key: &str,
    default: Option<&'v str>,
    facts: &'v Facts<'_>,
) -> Option<&'v str> {
    facts.single_value(key).or(default)
}
