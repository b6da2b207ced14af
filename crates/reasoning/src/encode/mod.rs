//! From statements to conjunctions of literals.
//!
//! Each element becomes one literal: NotAction, NotResource and negated operators are the plain test
//! with the sign turned, `…IfExists` only changes what absence means. No normal form is built.

mod condition;
mod identity_keys;
mod principal;

use std::borrow::Cow;
use std::collections::BTreeMap;

use ringfence_policy::{Effect, Located, Pattern, PatternElement, Polarity, Statement};

pub(crate) use condition::{key_is, outside_values, value_test};
pub(crate) use identity_keys::{IdentityKey, identity_key, impossible};
pub(crate) use principal::{named_test, partitions};

use crate::limit::Limit;
use crate::problem::{ACTION, Conjunction, Literal, Problem, RESOURCE};
use crate::theory::attribute::{Name, Quantifier};
use crate::theory::glob::{Case, Glob};
use crate::theory::value::Test;

/// How policy variables are read.
#[derive(Clone, Debug)]
pub(crate) enum Variables {
    /// These values in their place, by key in lower case; a key without a value is absent.
    Values(BTreeMap<String, Option<String>>),
    /// Each element with a variable may hold or not, whatever the request: more requests than there
    /// are, so what cannot be in this reading cannot be at all.
    Opaque,
}

impl Variables {
    /// For policies without variables.
    pub(crate) fn none() -> Self {
        Self::Values(BTreeMap::new())
    }
}

/// Patterns with their variables replaced.
pub(crate) enum Resolved<'p> {
    Patterns(Vec<Cow<'p, Pattern>>),
    /// A variable has no value: the statement does not match.
    Never,
    /// The text that stands for the element.
    Opaque(String),
}

pub(crate) fn resolve<'p>(patterns: &'p [Located<Pattern>], variables: &Variables) -> Resolved<'p> {
    let mut resolved = Vec::with_capacity(patterns.len());
    for Located { value: pattern, .. } in patterns {
        if pattern.variables().next().is_none() {
            resolved.push(Cow::Borrowed(pattern));
            continue;
        }
        match variables {
            Variables::Opaque => {
                let texts: Vec<_> = patterns.iter().map(|p| p.value.text()).collect();
                return Resolved::Opaque(texts.join("\n"));
            }
            Variables::Values(values) => match pattern.resolve(|key| values.get(key).cloned()?) {
                Some(pattern) => resolved.push(Cow::Owned(pattern)),
                None => return Resolved::Never,
            },
        }
    }
    Resolved::Patterns(resolved)
}

/// A literal that is free to be true or false; one for each `text`.
pub(crate) fn opaque(problem: &mut Problem, text: &str, sign: bool) -> Part {
    let attribute = problem.attribute(Name::Opaque(text.to_owned()));
    let test = Test::Bool(vec![Glob::literal("true", Case::Folded)]);
    literal(problem.literal(attribute, Some(test), Quantifier::Single, false, sign))
}

/// A literal, or a part that is decided without looking at a request.
pub(crate) enum Part {
    Literal(Literal),
    Always,
    Never,
    Undecided(Limit),
}

/// The requests that `statement` matches.
pub(crate) fn statement(
    problem: &mut Problem,
    statement: &Statement,
    variables: &Variables,
) -> Result<Conjunction, Limit> {
    let mut conjunction = Conjunction::default();
    let mut parts = vec![action(problem, &statement.action)];
    if let Some(element) = &statement.resource {
        parts.push(resource(problem, element, variables));
    }
    if let Some(element) = &statement.principal {
        parts.push(principal::principal(problem, element, statement.effect.value));
    }
    for condition in &statement.conditions {
        parts.push(condition::condition(problem, condition, variables));
    }
    for part in parts {
        match part {
            Part::Literal(literal) => conjunction.literals.push(literal),
            Part::Always => {}
            Part::Never => conjunction.never = true,
            Part::Undecided(limit) => return Err(limit),
        }
    }
    Ok(conjunction)
}

/// Whether the statement allows.
pub(crate) fn allows(statement: &Statement) -> bool {
    statement.effect.value == Effect::Allow
}

fn action(problem: &mut Problem, element: &PatternElement) -> Part {
    let globs = element.patterns.iter().map(|p| Glob::string(&p.value, Case::Folded)).collect();
    any_of(problem, ACTION, globs, element.polarity)
}

fn resource(problem: &mut Problem, element: &PatternElement, variables: &Variables) -> Part {
    match resolve(&element.patterns, variables) {
        Resolved::Patterns(patterns) => {
            let globs = patterns.iter().map(|pattern| Glob::resource(pattern)).collect();
            any_of(problem, RESOURCE, globs, element.polarity)
        }
        Resolved::Never => Part::Never,
        Resolved::Opaque(text) => {
            let polarity = element.polarity;
            opaque(problem, &format!("Resource {polarity:?} {text}"), true)
        }
    }
}

/// One of `globs` matches, or with `Not` none does.
pub(crate) fn any_of(
    problem: &mut Problem,
    attribute: usize,
    globs: Vec<Glob>,
    polarity: Polarity,
) -> Part {
    let plain = polarity == Polarity::Plain;
    if globs.is_empty() {
        return if plain { Part::Never } else { Part::Always };
    }
    if globs.iter().any(|glob| glob.as_prefix() == Some("")) {
        return if plain { Part::Always } else { Part::Never };
    }
    let test = Some(Test::Text(globs));
    literal(problem.literal(attribute, test, Quantifier::Single, false, plain))
}

pub(crate) fn literal(literal: Option<Literal>) -> Part {
    literal.map_or(Part::Never, Part::Literal)
}
