//! Conditions as literals.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>

use std::borrow::Cow;

use ringfence_policy::{Comparison, Condition, ConditionKey, IfExists, Pattern, Qualifier};

use super::identity_keys::{IdentityKey, identity_key};
use super::{Part, Resolved, Variables, literal, opaque, resolve};
use crate::limit::Limit;
use crate::problem::Problem;
use crate::theory::attribute::Quantifier;
use crate::theory::glob::{Case, Glob};
use crate::theory::identity::{IdentityTest, Kinds, Presence};
use crate::theory::ranges::{IpRange, Order};
use crate::theory::value::{Test, parse_bytes, parse_date, parse_number};

/// Keys of every service that have one value, and yet are often written with set operators.
const SINGLE_VALUED_PREFIX: &str = "aws:";

/// The keys of every service that may have several values:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>.
const MANY_VALUED: &[&str] = &[
    "aws:calledvia",
    "aws:principalorgpaths",
    "aws:principalservicenameslist",
    "aws:resourceorgpaths",
    "aws:sourceorgpaths",
    "aws:tagkeys",
    "aws:vpceorgpaths",
];

fn has_one_value(key: &str) -> bool {
    key.starts_with(SINGLE_VALUED_PREFIX) && !MANY_VALUED.contains(&key)
}

pub(super) fn condition(
    problem: &mut Problem,
    condition: &Condition,
    variables: &Variables,
) -> Part {
    let key = condition.key.value.folded();
    let operator = condition.operator.value;
    let negated = operator.comparison.is_negated();
    if operator.qualifier != Qualifier::None && !has_one_value(key) {
        problem.expect_many(&condition.key.value);
    }
    let values = match resolve(&condition.values, variables) {
        Resolved::Patterns(values) => values,
        // A missing key satisfies IfExists before its values are looked at.
        Resolved::Never if operator.if_exists == IfExists::Yes => {
            return null(problem, &condition.key.value, &[Cow::Owned(Pattern::literal("true"))]);
        }
        Resolved::Never => return Part::Never,
        // Without a value for the variable neither an operator nor its negation holds: two names.
        Resolved::Opaque(text) => {
            return opaque(problem, &format!("{operator} {key} {text}"), true);
        }
    };
    if operator.comparison == Comparison::Null {
        return null(problem, &condition.key.value, &values);
    }
    let absent = match (operator.if_exists, operator.qualifier) {
        (IfExists::Yes, _) | (IfExists::No, Qualifier::ForAllValues) => true,
        (IfExists::No, Qualifier::ForAnyValue) => false,
        (IfExists::No, Qualifier::None) => operator.comparison.is_negated(),
    };
    let test = test(operator.comparison, &values);
    if let Some(identity) = identity_key(problem, &condition.key.value) {
        return on_identity(problem, identity, &test, negated, absent);
    }
    let quantifier = match operator.qualifier {
        _ if has_one_value(key) => Quantifier::Single,
        Qualifier::None => Quantifier::Single,
        // "Some value is not" is "not every value is", and the other way round.
        Qualifier::ForAnyValue if negated => Quantifier::All,
        Qualifier::ForAnyValue => Quantifier::Any,
        Qualifier::ForAllValues if negated => Quantifier::Any,
        Qualifier::ForAllValues => Quantifier::All,
    };
    let attribute = problem.key(&condition.key.value);
    literal(problem.literal(attribute, Some(test), quantifier, absent != negated, !negated))
}

/// The key has no value among those of `condition`, whatever its operator; it may be absent.
pub(crate) fn outside_values(
    problem: &mut Problem,
    condition: &Condition,
    variables: &Variables,
) -> Part {
    let Resolved::Patterns(values) = resolve(&condition.values, variables) else {
        return Part::Always;
    };
    let key = &condition.key.value;
    let test = test(condition.operator.value.comparison, &values);
    if let Some(identity) = identity_key(problem, key) {
        return on_identity(problem, identity, &test, true, true);
    }
    let quantifier = match has_one_value(key.folded()) {
        true => Quantifier::Single,
        false => Quantifier::Any,
    };
    let attribute = problem.key(key);
    literal(problem.literal(attribute, Some(test), quantifier, false, false))
}

/// The test of a condition's values on the key's own value, which for keys of the caller is the caller;
/// nothing when a variable has no value.
pub(crate) fn value_test(condition: &Condition, variables: &Variables) -> Option<Test> {
    let Resolved::Patterns(values) = resolve(&condition.values, variables) else { return None };
    let test = test(condition.operator.value.comparison, &values);
    // The reader of a tag is the question's own; tags are not reported, so none is needed here.
    let Some(identity) = identity_key(&mut Problem::new(), &condition.key.value) else {
        return Some(test);
    };
    let (kinds, reader) = match identity.presence {
        Presence::Always(kinds) | Presence::Optional(kinds, _) => (kinds, identity.reader),
    };
    let globs = test.globs().iter().map(|glob| (kinds, reader, glob.clone())).collect();
    Some(Test::Identity(IdentityTest { globs, ..IdentityTest::default() }))
}

/// The key called `name` has exactly this value, or is absent.
pub(crate) fn key_is(problem: &mut Problem, name: &str, value: Option<&str>) -> Part {
    let key = ConditionKey::new(name);
    let Some(value) = value else {
        return null(problem, &key, &[Cow::Owned(Pattern::literal("true"))]);
    };
    let test = Test::Text(vec![Glob::literal(value, Case::Sensitive)]);
    if let Some(identity) = identity_key(problem, &key) {
        return on_identity(problem, identity, &test, false, false);
    }
    let quantifier = match has_one_value(key.folded()) {
        true => Quantifier::Single,
        false => Quantifier::All,
    };
    let attribute = problem.key(&key);
    literal(problem.literal(attribute, Some(test), quantifier, false, true))
}

fn null(problem: &mut Problem, key: &ConditionKey, values: &[Cow<'_, Pattern>]) -> Part {
    let says = |text: &str| values.iter().any(|value| value.text().eq_ignore_ascii_case(text));
    let absent = match (says("true"), says("false")) {
        (true, true) => return Part::Always,
        (false, false) => return Part::Never,
        (absent, _) => absent,
    };
    if let Some(identity) = identity_key(problem, key) {
        let having = match identity.presence {
            Presence::Always(kinds) => IdentityTest::of_kinds(kinds),
            Presence::Optional(_, group) => {
                IdentityTest { when_having: Some(group), ..IdentityTest::default() }
            }
        };
        return literal(problem.identity_literal(having, !absent));
    }
    let attribute = problem.key(key);
    literal(problem.literal(attribute, None, Quantifier::Single, true, absent))
}

/// A literal on a key that reads a part of the identity. Such keys have one value for a caller.
fn on_identity(
    problem: &mut Problem,
    key: IdentityKey,
    test: &Test,
    negated: bool,
    absent: bool,
) -> Part {
    let globs = match test {
        Test::Text(globs) | Test::Bool(globs) => globs,
        Test::Ip(_) | Test::Number(..) | Test::Date(..) | Test::Bytes(_) | Test::Identity(_) => {
            return Part::Undecided(Limit::MixedTypes);
        }
    };
    let (kinds, group) = match key.presence {
        Presence::Always(kinds) => (kinds, None),
        Presence::Optional(kinds, group) => (kinds, Some(group)),
    };
    let mut own = IdentityTest::default();
    own.globs.extend(globs.iter().map(|glob| (kinds, key.reader, glob.clone())));
    // What the unsigned test says of a caller without the key.
    if absent != negated {
        match group {
            Some(group) => own.when_lacking = Some(group),
            None => own.always = Kinds::all().without(kinds),
        }
    }
    literal(problem.identity_literal(own, !negated))
}

/// The test of a comparison, without its negation.
fn test(comparison: Comparison, values: &[Cow<'_, Pattern>]) -> Test {
    let strings = |case| Test::Text(values.iter().map(|value| Glob::string(value, case)).collect());
    let texts = || values.iter().map(|value| value.text());
    let numbers =
        |order| Test::Number(order, texts().filter_map(parse_number).map(f64::to_bits).collect());
    let dates = |order| Test::Date(order, texts().filter_map(parse_date).collect());
    match comparison {
        Comparison::StringEquals
        | Comparison::StringNotEquals
        | Comparison::StringLike
        | Comparison::StringNotLike => strings(Case::Sensitive),
        Comparison::StringEqualsIgnoreCase | Comparison::StringNotEqualsIgnoreCase => {
            strings(Case::Folded)
        }
        Comparison::ArnEquals
        | Comparison::ArnLike
        | Comparison::ArnNotEquals
        | Comparison::ArnNotLike => {
            Test::Text(values.iter().filter_map(|value| Glob::arn(value)).collect())
        }
        Comparison::Bool => {
            // What is not a truth value is never met.
            let is_truth =
                |text: &&str| ["true", "false"].iter().any(|own| text.eq_ignore_ascii_case(own));
            Test::Bool(
                texts().filter(is_truth).map(|text| Glob::literal(text, Case::Folded)).collect(),
            )
        }
        Comparison::IpAddress | Comparison::NotIpAddress => {
            Test::Ip(texts().filter_map(IpRange::parse).collect())
        }
        Comparison::BinaryEquals => Test::Bytes(texts().filter_map(parse_bytes).collect()),
        Comparison::NumericEquals | Comparison::NumericNotEquals => numbers(Order::Equal),
        Comparison::NumericLessThan => numbers(Order::Less),
        Comparison::NumericLessThanEquals => numbers(Order::LessOrEqual),
        Comparison::NumericGreaterThan => numbers(Order::Greater),
        Comparison::NumericGreaterThanEquals => numbers(Order::GreaterOrEqual),
        Comparison::DateEquals | Comparison::DateNotEquals => dates(Order::Equal),
        Comparison::DateLessThan => dates(Order::Less),
        Comparison::DateLessThanEquals => dates(Order::LessOrEqual),
        Comparison::DateGreaterThan => dates(Order::Greater),
        Comparison::DateGreaterThanEquals => dates(Order::GreaterOrEqual),
        // Null is encoded apart: it tests presence, not a value.
        Comparison::Null => Test::Text(Vec::new()),
    }
}
