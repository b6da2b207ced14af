//! Rules: what may be done about a finding, written in Cedar against a published schema.
//!
//! A rule's action says what may happen: `Archive`, `Notify`, `Propose`, `Resolve`; a forbid wins; where no rule says
//! anything, `Notify`. `docs/rules.md` is the reference.
//!
//! ```text
//! files ──load──▶ rule set ──decide(finding, context, risk score, safety)──▶ decision
//! ```
//!
//! Two things stand below the rules. What is not known counts against acting: a rule that archives or resolves does not
//! count where it reads something that is missing, and a forbid that does counts as one. And [`Safety`] says what rules
//! may archive at all.

pub mod cases;
mod choose;
mod decide;
mod guard;
mod load;
mod names;
mod public;
mod question;
mod reads;
mod safety;
mod samples;
mod weakened;

use cedar_policy::{Authorizer, Effect, Policy, PolicySet};
use serde_json::Value;

use crate::decision::ResponseAction;
use names::Names;
use reads::Reads;
use weakened::Weakened;

pub use question::principal_account;
pub use safety::{Safety, TagTrust};

/// The schema that rules are written against.
pub const SCHEMA: &str = include_str!("schema.cedarschema");

/// Rules that validate, ready to decide.
#[derive(Debug)]
pub struct RuleSet {
    rules: Vec<Rule>, // INVARIANT: in the order of their ids, each of which is there once.
    sets: ByAction<PolicySet>,
    weakened: Weakened,
    needs: Reads,
    names: Names,
    authorizer: Authorizer,
    warnings: Vec<RuleWarning>,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id: the annotation `@id`.
    pub id: String,
    /// The file it is in.
    pub file: String,
    /// The line it begins at.
    pub line: usize,
    /// What it says something about.
    pub actions: Vec<ResponseAction>,
    effect: Effect,
    policy: Policy,
    /// The rule in Cedar's JSON format, without conditions.
    scope: Value,
    conjuncts: Vec<Conjunct>,
    reads: Reads,
}

/// One of the parts that all have to hold.
#[derive(Clone, Debug)]
struct Conjunct {
    expression: Value,
    reads: Reads,
}

/// What is wrong with a file of rules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct RuleProblem {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What is wrong, for a person.
    pub message: String,
}

/// What should be known of a rule that is fine otherwise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleWarning {
    /// The file.
    pub file: String,
    /// The line the rule begins at, from 1.
    pub line: usize,
    /// The rule; empty where the warning is about a setting.
    pub rule: String,
    /// What, for a person.
    pub message: String,
}

impl std::fmt::Display for RuleWarning {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.rule.is_empty() {
            true => formatter.write_str(&self.message),
            false => {
                write!(formatter, "{}:{}: `{}` {}", self.file, self.line, self.rule, self.message)
            }
        }
    }
}

/// One of something for each action.
#[derive(Debug, Default)]
struct ByAction<T> {
    archive: T,
    notify: T,
    propose: T,
    resolve: T,
}

impl<T> ByAction<T> {
    fn of(&self, action: ResponseAction) -> &T {
        match action {
            ResponseAction::Archive => &self.archive,
            ResponseAction::Notify => &self.notify,
            ResponseAction::Propose => &self.propose,
            ResponseAction::Resolve => &self.resolve,
        }
    }

    fn try_from_fn<E>(mut make: impl FnMut(ResponseAction) -> Result<T, E>) -> Result<Self, E> {
        Ok(Self {
            archive: make(ResponseAction::Archive)?,
            notify: make(ResponseAction::Notify)?,
            propose: make(ResponseAction::Propose)?,
            resolve: make(ResponseAction::Resolve)?,
        })
    }
}

impl RuleSet {
    /// The rules, in the order of their ids.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    fn rule(&self, id: &str) -> Option<&Rule> {
        let at = self.rules.binary_search_by(|own| own.id.as_str().cmp(id)).ok()?;
        self.rules.get(at)
    }
}

#[cfg(test)]
mod tests;
