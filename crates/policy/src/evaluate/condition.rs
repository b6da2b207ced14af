//! One condition: an operator applied to the values of one context key.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use super::condition_operators::{
    every_value_passes, operator, settles_absence, some_value_passes,
};
use super::elements::resolve;
use super::facts::Facts;
use crate::condition_operator::Qualifier;
use crate::document::Condition;
use crate::pattern::Pattern;

/// What an operator asks for.
#[derive(Clone, Copy)]
pub(super) enum Operator {
    /// A value, compared with the policy's values.
    Compare(Test),
    /// The key itself, present or absent as one of the policy's values says.
    AskForKey(fn(&[String], &Pattern) -> bool),
}

/// How one value of the request stands to the values that a policy lists.
#[derive(Clone, Copy)]
pub(super) enum Test {
    /// It compares with at least one of them.
    AnyOf(fn(&str, &Pattern) -> bool),
    /// The negated operators: it compares with none of them.
    NoneOf(fn(&str, &Pattern) -> bool),
}

impl Test {
    fn accepts(self, value: &str, patterns: &[Pattern]) -> bool {
        match self {
            Self::AnyOf(compares) => patterns.iter().any(|pattern| compares(value, pattern)),
            Self::NoneOf(compares) => !patterns.iter().any(|pattern| compares(value, pattern)),
        }
    }
}

/// Whether the request meets the condition.
pub(super) fn holds(condition: &Condition, facts: &Facts<'_>) -> bool {
    let written = condition.operator.value;
    let values = facts.values(&condition.key.value);
    if values.is_empty() && settles_absence(written.if_exists) {
        return true;
    }
    // A variable without a value makes the whole statement not match, under a negated operator too.
    let patterns = condition.values.iter().map(|value| resolve(&value.value, facts));
    let Some(patterns) = patterns.collect::<Option<Vec<_>>>() else {
        return false;
    };
    let test = match operator(written.comparison) {
        Operator::AskForKey(ask) => return patterns.iter().any(|wanted| ask(values, wanted)),
        Operator::Compare(test) => test,
    };
    let accepts = |value: &str| test.accepts(value, &patterns);
    match (written.qualifier, test) {
        (Qualifier::ForAllValues, _) => every_value_passes(values, accepts),
        (Qualifier::ForAnyValue, _) => some_value_passes(values, accepts),
        // Without a set operator a key should have one value. An absent key matches nothing, so it meets
        // a negated operator only; of several values one that matches is enough, and a negated operator
        // wants none that does.
        (Qualifier::None, Test::AnyOf(_)) => values.iter().any(|value| accepts(value)),
        (Qualifier::None, Test::NoneOf(_)) => values.iter().all(|value| accepts(value)),
    }
}
