//! Do some statements leave a request that others do not take? The question behind statements and conditions that
//! change nothing.

use ringfence_policy::Statement;

use super::{Asked, ask_with};
use crate::decide::Goal;
use crate::encode::{self, Variables};
use crate::limit::Limit;

/// A set of requests, in terms of a list of statements whose effect does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Combination {
    /// Positions of statements that all match.
    pub matching: Vec<usize>,
    /// Positions of statements of which none matches.
    pub avoiding: Vec<usize>,
}

/// Whether a combination is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Emptiness {
    /// No request is in it.
    Empty,
    /// Some request is; or might be, where it depends on the values of policy variables.
    NotProven,
    /// Neither was found.
    Unknown(Limit),
}

/// For each combination, in their order, whether no request is in it. Whoever asks whether the requests of one
/// statement are all among those of others asks for the one `matching` and the others `avoiding`.
///
/// An element with a policy variable is taken to match or not, as it likes, alike wherever it is written: what is empty
/// then is empty for all values, and one search decides. The effect of a statement only says how its NotPrincipal is
/// read.
pub fn check_combinations(
    statements: &[&Statement],
    combinations: &[Combination],
) -> Vec<Emptiness> {
    let mut answers = vec![Emptiness::Unknown(Limit::Search); combinations.len()];
    let asked = ask_with(&[], &Variables::Opaque, &|problem, _, variables| {
        problem.partitions = encode::partitions(statements.iter().copied());
        let mut ids = Vec::with_capacity(statements.len());
        for statement in statements {
            let conjunction = encode::statement(problem, statement, variables)?;
            ids.push(problem.add(conjunction));
        }
        let at = |positions: &[usize]| -> Vec<_> {
            positions.iter().filter_map(|position| ids.get(*position).copied()).collect()
        };
        let goal = |own: &Combination| Goal {
            groups: at(&own.matching).into_iter().map(|id| vec![id]).collect(),
            avoid: at(&own.avoiding),
        };
        Ok(combinations.iter().map(goal).enumerate().collect())
    });
    for (position, outcome) in asked {
        let Some(answer) = answers.get_mut(position) else { continue };
        *answer = match outcome {
            Asked::Impossible => Emptiness::Empty,
            Asked::Possible { .. } => Emptiness::NotProven,
            Asked::Unknown(limit) => Emptiness::Unknown(limit),
        };
    }
    answers
}
