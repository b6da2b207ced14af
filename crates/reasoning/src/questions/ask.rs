//! Builds the problem of a question, decides its goals, and deals with policy variables.
//!
//! A variable ties two attributes together. First every element with a variable is left open, true or
//! false as the search likes: what is impossible even so is impossible. Otherwise values are put in the
//! variables' place, and a request found is exact. When none is found, the answer is exact if the
//! values show every way in which the other patterns can look at the variable's place; else it is
//! unknown.

use ringfence_policy::{PolicyDocument, RequestContext, Statement};

use crate::decide::{Goal, Outcome, decide};
use crate::encode::{self, Variables};
use crate::limit::Limit;
use crate::problem::{Conjunction, ConjunctionId, Problem};
use crate::variables::{Assignments, Beside, Values, assignments_beside};
use crate::witness;

/// The conjunctions of one document, by the position of the statement.
#[derive(Clone, Debug, Default)]
pub(crate) struct Built {
    pub(crate) allow: Vec<(usize, ConjunctionId)>,
    pub(crate) deny: Vec<ConjunctionId>,
}

impl Built {
    pub(crate) fn allow_ids(&self) -> Vec<ConjunctionId> {
        self.allow.iter().map(|(_, id)| *id).collect()
    }
}

/// What became of one goal.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a question has one, and most are requests")]
pub(crate) enum Asked {
    Possible { request: RequestContext },
    Impossible,
    Unknown(Limit),
}

/// A goal with a label of the question's own.
pub(crate) type Labelled = (usize, Goal);

/// Makes the goals of a question once the documents are encoded.
pub(crate) type Goals<'g> =
    dyn Fn(&mut Problem, &[Built], &Variables) -> Result<Vec<Labelled>, Limit> + 'g;

/// Whether any element of `documents` holds a policy variable.
pub(crate) fn has_variables(documents: &[&PolicyDocument]) -> bool {
    hold_variables(documents.iter().flat_map(|document| &document.statements))
}

fn hold_variables<'s>(mut statements: impl Iterator<Item = &'s Statement>) -> bool {
    statements.any(|statement| {
        let resources = statement.resource.iter().flat_map(|element| &element.patterns);
        let values = statement.conditions.iter().flat_map(|condition| &condition.values);
        resources.chain(values).any(|pattern| pattern.value.variables().next().is_some())
    })
}

/// Decides the goals that `goals` makes of `documents`; outcomes carry the goals' labels. A label may
/// come up more than once.
pub(crate) fn ask(documents: &[&PolicyDocument], goals: &Goals<'_>) -> Vec<(usize, Asked)> {
    ask_beside(documents, Beside::default(), goals)
}

/// The same, where the goals compare the documents with what is `beside` them.
pub(crate) fn ask_beside(
    documents: &[&PolicyDocument],
    beside: Beside<'_>,
    goals: &Goals<'_>,
) -> Vec<(usize, Asked)> {
    if !has_variables(documents) && !hold_variables(beside.statements.iter().copied()) {
        return ask_with(documents, &Variables::none(), goals);
    }
    let open = ask_with(documents, &Variables::Opaque, goals);
    if open.iter().all(|(_, outcome)| matches!(outcome, Asked::Impossible)) {
        return open;
    }
    let Assignments { values, exact } = assignments_beside(documents, beside, &Values::new());
    let mut best: Vec<(usize, Asked)> = open
        .into_iter()
        .map(|(label, outcome)| match outcome {
            Asked::Impossible => (label, Asked::Impossible),
            Asked::Possible { .. } | Asked::Unknown(_) if exact => (label, Asked::Impossible),
            Asked::Possible { .. } | Asked::Unknown(_) => (label, Asked::Unknown(Limit::Variables)),
        })
        .collect();
    for values in values {
        let outcomes = ask_with(documents, &Variables::Values(values), goals);
        for ((_, best), (_, outcome)) in best.iter_mut().zip(outcomes) {
            match (&best, &outcome) {
                (Asked::Possible { .. }, _) | (_, Asked::Impossible) => {}
                (_, Asked::Possible { .. } | Asked::Unknown(_)) => *best = outcome,
            }
        }
        if best.iter().all(|(_, outcome)| matches!(outcome, Asked::Possible { .. })) {
            break;
        }
    }
    best
}

pub(crate) fn ask_with(
    documents: &[&PolicyDocument],
    variables: &Variables,
    goals: &Goals<'_>,
) -> Vec<(usize, Asked)> {
    let mut problem = Problem::new();
    let goals = build(&mut problem, documents, variables).and_then(|built| {
        let goals = goals(&mut problem, &built, variables)?;
        let given = given(&mut problem, variables);
        Ok((goals, given, encode::impossible(&mut problem)))
    });
    let (goals, given, impossible) = match goals {
        Ok(goals) => goals,
        Err(limit) => return vec![(0, Asked::Unknown(limit))],
    };
    problem.seal();
    let mut outcomes = Vec::with_capacity(goals.len());
    for (label, mut goal) in goals {
        goal.groups.extend(given.iter().map(|id| vec![*id]));
        goal.avoid.extend(&impossible);
        let outcome = match decide(&mut problem, &goal) {
            Outcome::Found(assignment) => {
                Asked::Possible { request: witness::request(&problem, &assignment) }
            }
            Outcome::Nothing => Asked::Impossible,
            Outcome::Unknown(limit) => Asked::Unknown(limit),
        };
        outcomes.push((label, outcome));
    }
    outcomes
}

pub(crate) fn build(
    problem: &mut Problem,
    documents: &[&PolicyDocument],
    variables: &Variables,
) -> Result<Vec<Built>, Limit> {
    let statements = documents.iter().flat_map(|document| &document.statements);
    problem.partitions = encode::partitions(statements);
    let mut all = Vec::with_capacity(documents.len());
    for document in documents {
        let mut built = Built::default();
        for statement in &document.statements {
            let conjunction = encode::statement(problem, statement, variables)?;
            let id = problem.add(conjunction);
            if encode::allows(statement) {
                built.allow.push((statement.index, id));
            } else {
                built.deny.push(id);
            }
        }
        all.push(built);
    }
    Ok(all)
}

/// The keys whose values were put in the place of variables have these values.
pub(crate) fn given(problem: &mut Problem, variables: &Variables) -> Option<ConjunctionId> {
    let Variables::Values(values) = variables else { return None };
    if values.is_empty() {
        return None;
    }
    let mut conjunction = Conjunction::default();
    for (key, value) in values {
        match encode::key_is(problem, key, value.as_deref()) {
            encode::Part::Literal(literal) => conjunction.literals.push(literal),
            encode::Part::Always => {}
            encode::Part::Never | encode::Part::Undecided(_) => conjunction.never = true,
        }
    }
    Some(problem.add(conjunction))
}
