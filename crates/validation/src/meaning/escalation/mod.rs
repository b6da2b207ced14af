//! Whether whoever holds an identity policy can raise its own privileges by one of the published [`paths`].
//!
//! A path is a list of steps, each a set of requests of which the policy has to allow one. What a Deny or a condition
//! prevents is no step. A policy that allows everything and denies nothing leaves nothing to raise.

mod paths;
mod target;

use std::collections::{BTreeMap, BTreeSet};

use ringfence_policy::evaluate::{Match, statement_matches};
use ringfence_policy::location::ByteSpan;
use ringfence_policy::{Effect, Polarity, PolicyDocument, RequestContext, Statement};
use ringfence_reasoning::{Combination, Emptiness, Limit, check_combinations};

use crate::finding::Witness;
use crate::glob::matches_ignoring_case;
use paths::{PATHS, Path, Step};

/// Ways to more privileges that the same statements open.
#[derive(Debug, Default)]
pub(crate) struct Escalation {
    /// The Action patterns that allow the steps.
    pub(crate) places: BTreeSet<ByteSpan>,
    /// The paths, by their actions.
    pub(crate) paths: Vec<String>,
    /// A request for each step.
    pub(crate) witnesses: Vec<Witness>,
}

/// A path that was not decided.
#[derive(Debug)]
pub(crate) struct UndecidedPath {
    /// The statement that has the action in question.
    pub(crate) place: ByteSpan,
    /// What was too much.
    pub(crate) limit: Limit,
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Escalations {
    /// By the statements that open them.
    pub(crate) found: Vec<Escalation>,
    /// What is not known, once a statement.
    pub(crate) undecided: Vec<UndecidedPath>,
}

/// Looks for every path.
pub(crate) fn search(policy: &PolicyDocument) -> Escalations {
    let mut search = Search { policy, known: BTreeMap::new() };
    let mut by_statements: BTreeMap<BTreeSet<usize>, Escalation> = BTreeMap::new();
    let mut undecided: BTreeMap<ByteSpan, Limit> = BTreeMap::new();
    for path in PATHS {
        match search.walk(path) {
            Walk::Blocked => {}
            Walk::Undecided(place, limit) => _ = undecided.insert(place, limit),
            Walk::Open(steps) => {
                let statements = steps.iter().map(|step| step.statement).collect();
                let own = by_statements.entry(statements).or_default();
                own.paths.push(path.name());
                for step in steps {
                    own.places.insert(step.place);
                    let witness = Witness { purpose: step.purpose, request: step.request };
                    if !own.witnesses.contains(&witness) {
                        own.witnesses.push(witness);
                    }
                }
            }
        }
    }
    if !by_statements.is_empty() && allows_everything(policy) {
        return Escalations::default();
    }
    let undecided = undecided.into_iter().map(|(place, limit)| UndecidedPath { place, limit });
    Escalations { found: by_statements.into_values().collect(), undecided: undecided.collect() }
}

/// Whether nothing is denied and everything allowed.
fn allows_everything(policy: &PolicyDocument) -> bool {
    if policy.deny_statements().next().is_some() {
        return false;
    }
    let allows: Vec<&Statement> = policy.allow_statements().collect();
    let avoiding = (0..allows.len()).collect();
    let rest = Combination { matching: Vec::new(), avoiding };
    matches!(check_combinations(&allows, &[rest]).as_slice(), [Emptiness::Empty])
}

/// How a path came out.
enum Walk {
    Open(Vec<Taken>),
    Blocked,
    Undecided(ByteSpan, Limit),
}

/// A step that the policy allows.
#[derive(Clone, Debug)]
struct Taken {
    statement: usize,
    place: ByteSpan,
    purpose: String,
    request: RequestContext,
}

struct Search<'p> {
    policy: &'p PolicyDocument,
    known: BTreeMap<&'static Step, Result<Option<Taken>, (ByteSpan, Limit)>>,
}

impl Search<'_> {
    fn walk(&mut self, path: &'static Path) -> Walk {
        let mut taken = Vec::with_capacity(path.steps.len());
        let mut undecided = None;
        for step in path.steps {
            match self.step(step) {
                Ok(Some(own)) => taken.push(own),
                Ok(None) => return Walk::Blocked,
                Err(why) => undecided = Some(why),
            }
        }
        match undecided {
            Some((place, limit)) => Walk::Undecided(place, limit),
            None => Walk::Open(taken),
        }
    }

    fn step(&mut self, step: &'static Step) -> Result<Option<Taken>, (ByteSpan, Limit)> {
        if let Some(known) = self.known.get(step) {
            return known.clone();
        }
        let outcome = self.decide(step);
        self.known.insert(step, outcome.clone());
        outcome
    }

    fn decide(&self, step: &Step) -> Result<Option<Taken>, (ByteSpan, Limit)> {
        let about = about(self.policy, step.action);
        let Some(first) = about.allow_statements().next() else { return Ok(None) };
        let request = target::reach(&about, step).map_err(|limit| (first.span, limit))?;
        Ok(request.map(|request| {
            let allows =
                |statement: &&Statement| statement_matches(statement, &request) == Match::Matches;
            let granting = about.allow_statements().find(allows).unwrap_or(first);
            let place = place(granting, step.action);
            Taken { statement: granting.index, place, purpose: step.purpose(), request }
        }))
    }
}

/// The statements that can be about an action; the others say nothing of it.
fn about(policy: &PolicyDocument, action: &str) -> PolicyDocument {
    let is_about = |statement: &&Statement| {
        let element = &statement.action;
        let any = element.patterns.iter().any(|own| matches(own.value.text(), action));
        any == (element.polarity == Polarity::Plain)
    };
    let statements = policy.statements.iter().filter(is_about);
    // Where nothing allows it, a Deny need not be copied.
    let allowed = statements.clone().any(|own| own.effect.value == Effect::Allow);
    PolicyDocument {
        version: policy.version,
        id: None,
        statements: if allowed { statements.cloned().collect() } else { Vec::new() },
        statement_form: policy.statement_form,
        span: policy.span,
    }
}

/// Most patterns are plain names of another length.
fn matches(pattern: &str, action: &str) -> bool {
    match pattern.contains(['*', '?']) {
        true => matches_ignoring_case(pattern, action),
        false => pattern.eq_ignore_ascii_case(action),
    }
}

/// The pattern of the statement that has the action.
fn place(statement: &Statement, action: &str) -> ByteSpan {
    let element = &statement.action;
    let own = element.patterns.iter().find(|own| matches(own.value.text(), action));
    match (element.polarity, own) {
        (Polarity::Plain, Some(own)) => own.span,
        (Polarity::Plain, None) | (Polarity::Not, _) => element.value_span,
    }
}

#[cfg(test)]
mod tests;
