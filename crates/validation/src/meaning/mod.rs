//! What a policy means for every request, as far as checks ask for it. Everything is worked out when it is first asked
//! for, and once.

mod boxes;
mod conditions;
mod coverage;
mod sample;
#[cfg(test)]
mod tests;

pub(crate) mod escalation;
pub(crate) mod tenants;

use std::cell::OnceCell;

use ringfence_policy::json::Value;
use ringfence_policy::location::ByteSpan;
use ringfence_policy::{Diagnostic, Effect, PolicyDocument, Statement, policy_from_json};
use ringfence_reasoning::Limit;

use crate::document::Document;
use crate::same_statement::is_same;
pub(crate) use conditions::ConditionMeaning;
use conditions::JudgedCondition;
use coverage::JudgedStatement;
pub(crate) use coverage::{Coverage, Covered};

/// A policy without mistakes.
#[derive(Debug)]
pub(crate) struct Meaning {
    pub(crate) policy: PolicyDocument,
    conditions: OnceCell<Vec<JudgedCondition>>,
    coverage: OnceCell<Vec<JudgedStatement>>,
}

impl Meaning {
    /// Reads the policy; `known` is what the JSON parser has to say about it.
    pub(crate) fn read(root: &Value<'_>, known: &[Diagnostic]) -> Result<Self, Diagnostic> {
        let parsed = policy_from_json(root);
        match known.first().or(parsed.diagnostics.first()) {
            Some(diagnostic) => Err(diagnostic.clone()),
            None => Ok(Self {
                policy: parsed.document,
                conditions: OnceCell::new(),
                coverage: OnceCell::new(),
            }),
        }
    }

    /// The conditions that are always or never true, and the statements that no request matches.
    pub(crate) fn conditions(&self) -> &[JudgedCondition] {
        self.conditions.get_or_init(|| conditions::judge(&self.policy))
    }

    /// The statements that change nothing because of others in this way, with their places.
    /// Statements that say the same are left to AWS's check.
    pub(crate) fn covered(
        &self,
        document: &Document<'_>,
        how: Coverage,
    ) -> impl Iterator<Item = (ByteSpan, Result<&Covered, Limit>)> {
        let all = self.coverage.get_or_init(|| coverage::judge(&self.policy, document.kind));
        let value = |index: usize| Some(document.statements.get(index)?.value);
        let says_the_same = move |covered: &Covered| match covered.by.as_slice() {
            [only] => value(covered.statement)
                .zip(value(*only))
                .is_some_and(|(own, other)| is_same(own, other)),
            _ => false,
        };
        let ours = all
            .iter()
            .filter(move |own| own.how == how && !own.verdict.as_ref().is_ok_and(&says_the_same));
        ours.map(|own| (own.place, own.verdict.as_ref().map_err(|limit| *limit)))
    }

    /// The effect of the statement around a place.
    pub(crate) fn effect_around(&self, place: ByteSpan) -> Option<Effect> {
        let around = self.policy.statements.iter().find(|own| own.span.contains(place))?;
        Some(around.effect.value)
    }

    /// What to call statements in a sentence: by their Sids, or by their numbers from 0, as in paths.
    pub(crate) fn names(&self, indices: &[usize]) -> String {
        let names: Vec<String> = indices
            .iter()
            .filter_map(|index| self.policy.statements.get(*index))
            .map(name)
            .collect();
        match names.split_last() {
            Some((last, others)) if !others.is_empty() => {
                format!("{} and {last}", others.join(", "))
            }
            Some((only, _)) => only.clone(),
            None => String::new(),
        }
    }

    /// Where statements stand.
    pub(crate) fn places(&self, indices: &[usize]) -> impl Iterator<Item = ByteSpan> {
        indices.iter().filter_map(|index| Some(self.policy.statements.get(*index)?.span))
    }
}

fn name(statement: &Statement) -> String {
    match statement.sid() {
        Some(sid) => format!("`{sid}`"),
        None => format!("`Statement[{}]`", statement.index),
    }
}
