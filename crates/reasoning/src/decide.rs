//! The search for a request: from each group of conjunctions one that it meets, and none of the
//! conjunctions that must not be met.
//!
//! Both sides only ask for more as they grow, so one walk serves every question: allowed by the new
//! policy and not by the old, allowed inside a box, allowed to somebody outside. Choosing what is met
//! fixes literals to true; each conjunction to avoid then needs one literal to be false. Those with one
//! way left are settled at once, the others are tried, fewest ways first.

use crate::bits::Bits;
use crate::limit::Limit;
use crate::problem::{Assignment, ConjunctionId, Literal, Problem};
use crate::theory::attribute::{Choice, Verdict};

/// What a request must meet and must not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Goal {
    /// Of each group one conjunction at least is met.
    pub(crate) groups: Vec<Vec<ConjunctionId>>,
    /// None of these is met.
    pub(crate) avoid: Vec<ConjunctionId>,
}

/// The outcome of a search.
pub(crate) enum Outcome {
    /// A request.
    Found(Assignment),
    Nothing,
    Unknown(Limit),
}

/// Steps after which a search gives up.
const STEP_BUDGET: usize = 400_000;

/// Looks for a request that meets `goal`.
pub(crate) fn decide(problem: &mut Problem, goal: &Goal) -> Outcome {
    let mut search = Search { problem, steps: 0, unknown: None };
    let state = State::new(search.problem.attributes.len());
    match search.choose(&goal.groups, &goal.avoid, &state) {
        Some(state) => match search.assignment(&state) {
            Some(assignment) => Outcome::Found(assignment),
            None => Outcome::Unknown(search.unknown.unwrap_or(Limit::Search)),
        },
        None => match search.unknown {
            Some(limit) => Outcome::Unknown(limit),
            None => Outcome::Nothing,
        },
    }
}

/// Per attribute the atoms that are true and those that are false.
#[derive(Clone)]
struct State(Vec<(Bits, Bits)>);

impl State {
    fn new(attributes: usize) -> Self {
        Self(vec![(Bits::new(), Bits::new()); attributes])
    }

    fn value_of(&self, literal: Literal) -> Option<bool> {
        let (yes, no) = self.0.get(literal.attribute)?;
        if yes.contains(literal.atom) {
            Some(literal.sign)
        } else if no.contains(literal.atom) {
            Some(!literal.sign)
        } else {
            None
        }
    }

    fn set(&mut self, literal: Literal) {
        if let Some((yes, no)) = self.0.get_mut(literal.attribute) {
            if literal.sign { yes.insert(literal.atom) } else { no.insert(literal.atom) }
        }
    }
}

struct Search<'p> {
    problem: &'p mut Problem,
    steps: usize,
    unknown: Option<Limit>,
}

/// How a conjunction that must not be met stands.
enum Standing {
    /// Something in it is false already.
    Unmet,
    /// Everything in it is true.
    Met,
    /// These literals could be made false.
    Open(Vec<Literal>),
}

impl Search<'_> {
    /// Whether the atoms of one attribute can be so; an undecided one counts as possible for the walk,
    /// and is remembered.
    fn possible(&mut self, state: &State, attribute: usize) -> bool {
        self.steps += 1;
        let (Some(own), Some((yes, no))) =
            (self.problem.attributes.get_mut(attribute), state.0.get(attribute))
        else {
            return false;
        };
        match own.check(yes, no) {
            Verdict::Possible(_) => true,
            Verdict::Impossible => false,
            Verdict::Unknown(limit) => {
                self.unknown = Some(limit);
                false
            }
        }
    }

    fn with(&mut self, state: &State, literal: Literal) -> Option<State> {
        match state.value_of(literal) {
            Some(true) => return Some(state.clone()),
            Some(false) => return None,
            None => {}
        }
        let mut next = state.clone();
        next.set(literal);
        self.possible(&next, literal.attribute).then_some(next)
    }

    fn choose(
        &mut self,
        groups: &[Vec<ConjunctionId>],
        avoid: &[ConjunctionId],
        state: &State,
    ) -> Option<State> {
        let Some((group, rest)) = groups.split_first() else {
            return self.avoid_all(avoid, state);
        };
        for &id in group {
            if self.problem.is_never(id) || self.exhausted() {
                continue;
            }
            let Some(next) = self.meet(id, state) else { continue };
            if let Some(done) = self.choose(rest, avoid, &next) {
                return Some(done);
            }
        }
        None
    }

    fn exhausted(&mut self) -> bool {
        let exhausted = self.steps > STEP_BUDGET;
        if exhausted {
            self.unknown = Some(Limit::Search);
        }
        exhausted
    }

    fn meet(&mut self, id: ConjunctionId, state: &State) -> Option<State> {
        let literals = self.problem.literals(id).to_vec();
        let mut next = state.clone();
        let mut touched = Bits::new();
        for literal in literals {
            match next.value_of(literal) {
                Some(true) => {}
                Some(false) => return None,
                None => {
                    next.set(literal);
                    touched.insert(literal.attribute);
                }
            }
        }
        for attribute in touched.iter() {
            if !self.possible(&next, attribute) {
                return None;
            }
        }
        Some(next)
    }

    fn standing(&mut self, id: ConjunctionId, state: &State) -> Standing {
        if self.problem.is_never(id) {
            return Standing::Unmet;
        }
        let literals = self.problem.literals(id).to_vec();
        let mut open = Vec::new();
        for literal in literals {
            match state.value_of(literal) {
                Some(false) => return Standing::Unmet,
                Some(true) => {}
                None => open.push(literal),
            }
        }
        // A literal that cannot be true any more settles it without a choice.
        for literal in &open {
            if self.with(state, *literal).is_none() && self.unknown.is_none() {
                return Standing::Unmet;
            }
        }
        open.retain(|literal| self.with(state, literal.negated()).is_some());
        if open.is_empty() { Standing::Met } else { Standing::Open(open) }
    }

    fn avoid_all(&mut self, avoid: &[ConjunctionId], state: &State) -> Option<State> {
        if self.exhausted() {
            return None;
        }
        let mut state = state.clone();
        let mut left: Vec<ConjunctionId> = avoid.to_vec();
        loop {
            let mut best: Option<(ConjunctionId, Vec<Literal>)> = None;
            let mut settled = false;
            let mut still = Vec::with_capacity(left.len());
            for id in left {
                match self.standing(id, &state) {
                    Standing::Unmet => continue,
                    Standing::Met => return None,
                    Standing::Open(ways) => {
                        if let [only] = ways.as_slice() {
                            state = self.with(&state, only.negated())?;
                            settled = true;
                            continue;
                        }
                        if best.as_ref().is_none_or(|(_, known)| ways.len() < known.len()) {
                            best = Some((id, ways));
                        }
                        still.push(id);
                    }
                }
            }
            left = still;
            if settled {
                continue;
            }
            let Some((id, ways)) = best else { return Some(state) };
            left.retain(|other| *other != id);
            for way in ways {
                let Some(next) = self.with(&state, way.negated()) else { continue };
                if let Some(done) = self.avoid_all(&left, &next) {
                    return Some(done);
                }
                // Not this way, so for the ways that follow it is true.
                state = self.with(&state, way)?;
            }
            return None;
        }
    }

    fn assignment(&mut self, state: &State) -> Option<Assignment> {
        let mut choices = Vec::with_capacity(state.0.len());
        for ((yes, no), attribute) in state.0.iter().zip(&mut self.problem.attributes) {
            match attribute.check(yes, no) {
                Verdict::Possible(choice) => choices.push(choice),
                Verdict::Impossible => choices.push(Choice::Absent),
                Verdict::Unknown(limit) => {
                    self.unknown = Some(limit);
                    return None;
                }
            }
        }
        Some(choices)
    }
}
