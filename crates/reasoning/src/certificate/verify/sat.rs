//! Can clauses be satisfied? Propagation of clauses with one way left, choices, and a learned clause for
//! each dead end.

/// A variable that is true, or is false.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Literal {
    pub(crate) variable: usize,
    pub(crate) sign: bool,
}

impl Literal {
    pub(crate) fn new(variable: usize, sign: bool) -> Self {
        Self { variable, sign }
    }

    pub(crate) fn negated(self) -> Self {
        Self { sign: !self.sign, ..self }
    }

    fn index(self) -> usize {
        2 * self.variable + usize::from(self.sign)
    }
}

/// One of these literals is true.
pub(crate) type Clause = Vec<Literal>;

/// Whether clauses can be satisfied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Satisfiable {
    /// So; variables that do not matter are left out.
    Yes(Vec<Literal>),
    No,
    /// There were more than [`MAX_CONFLICTS`] dead ends.
    Unknown,
}

/// Dead ends after which the search gives up.
const MAX_CONFLICTS: usize = 200_000;

#[derive(Clone, Copy, Debug)]
struct Fixed {
    sign: bool,
    level: usize,
    /// The clause that left no other way; none for a choice.
    reason: Option<usize>,
}

/// Clauses, and a search for values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Solver {
    clauses: Vec<Clause>,
    /// By literal the clauses that it stands in.
    standing: Vec<Vec<usize>>,
    values: Vec<Option<Fixed>>,
    trail: Vec<Literal>,
    /// How much of the trail was looked at.
    head: usize,
    /// The length of the trail before each choice.
    choices: Vec<usize>,
    /// How often a variable had part in a dead end.
    weights: Vec<u64>,
    /// Clauses before this one are true.
    cursor: usize,
}

/// How a clause stands.
enum Standing {
    True,
    /// No literal is left.
    False,
    /// One is left.
    Unit(Literal),
    /// Of those that are left the one to try: what is false asks for less, so it goes first, and then
    /// the heaviest.
    Open(Literal),
}

/// What a dead end teaches.
enum Learned {
    /// A clause, which was added.
    Clause,
    /// The clause was false without any choice.
    Contradiction,
    /// The trail does not say how it came to be: cannot happen, and no answer is the safe one.
    Nothing,
}

impl Solver {
    pub(crate) fn add(&mut self, mut clause: Clause) {
        clause.sort_unstable();
        clause.dedup();
        let number = self.clauses.len();
        for literal in &clause {
            let size = literal.variable + 1;
            if self.values.len() < size {
                self.values.resize(size, None);
                self.weights.resize(size, 0);
                self.standing.resize(2 * size, Vec::new());
            }
            if let Some(own) = self.standing.get_mut(literal.index()) {
                own.push(number);
            }
        }
        self.clauses.push(clause);
    }

    fn value(&self, literal: Literal) -> Option<bool> {
        self.fixed(literal).map(|fixed| fixed.sign == literal.sign)
    }

    fn fixed(&self, literal: Literal) -> Option<Fixed> {
        self.values.get(literal.variable).copied().flatten()
    }

    fn standing(&self, clause: usize) -> Standing {
        let mut left: Option<((bool, u64), Literal)> = None;
        let mut count = 0;
        for literal in self.clauses.get(clause).into_iter().flatten() {
            match self.value(*literal) {
                Some(true) => return Standing::True,
                Some(false) => {}
                None => {
                    count += 1;
                    let weight = self.weights.get(literal.variable).copied().unwrap_or(0);
                    let rank = (!literal.sign, weight);
                    if left.is_none_or(|(most, _)| rank > most) {
                        left = Some((rank, *literal));
                    }
                }
            }
        }
        match (count, left) {
            (_, None) => Standing::False,
            (1, Some((_, only))) => Standing::Unit(only),
            (_, Some((_, best))) => Standing::Open(best),
        }
    }

    fn set(&mut self, literal: Literal, reason: Option<usize>) {
        let level = self.choices.len();
        if let Some(value) = self.values.get_mut(literal.variable) {
            *value = Some(Fixed { sign: literal.sign, level, reason });
            self.trail.push(literal);
        }
    }

    /// Follows what is fixed; gives a clause that became false.
    fn propagate(&mut self) -> Option<usize> {
        while let Some(literal) = self.trail.get(self.head).copied() {
            self.head += 1;
            let index = literal.negated().index();
            let mut at = 0;
            while let Some(clause) = self.standing.get(index).and_then(|own| own.get(at)).copied() {
                at += 1;
                match self.standing(clause) {
                    Standing::False => return Some(clause),
                    Standing::Unit(only) => self.set(only, Some(clause)),
                    Standing::True | Standing::Open(_) => {}
                }
            }
        }
        None
    }

    /// Searches. Whenever all clauses are true, `refute` may add clauses that the values make false.
    pub(crate) fn solve(
        &mut self,
        refute: &mut dyn FnMut(&[Literal]) -> Vec<Clause>,
    ) -> Satisfiable {
        let mut conflicts = 0;
        let mut conflict = None;
        loop {
            if let Some(clause) = conflict.take().or_else(|| self.propagate()) {
                conflicts += 1;
                if conflicts > MAX_CONFLICTS {
                    return Satisfiable::Unknown;
                }
                match self.learn(clause) {
                    Learned::Clause => continue,
                    Learned::Contradiction => return Satisfiable::No,
                    Learned::Nothing => return Satisfiable::Unknown,
                }
            }
            if self.cursor == self.clauses.len() {
                let clauses = refute(&self.trail);
                if clauses.is_empty() {
                    return Satisfiable::Yes(self.trail.clone());
                }
                clauses.into_iter().for_each(|clause| self.add(clause));
            }
            match self.standing(self.cursor) {
                Standing::True => self.cursor += 1,
                Standing::False => conflict = Some(self.cursor),
                Standing::Unit(only) => self.set(only, Some(self.cursor)),
                Standing::Open(literal) => {
                    self.choices.push(self.trail.len());
                    self.set(literal, None);
                }
            }
        }
    }

    /// Learns from a false clause and goes back.
    fn learn(&mut self, clause: usize) -> Learned {
        let mut literals: Clause = self.clauses.get(clause).cloned().unwrap_or_default();
        // A clause that was added may be false for longer than the last choice.
        let level_of =
            |solver: &Self, literal: &Literal| solver.fixed(*literal).map_or(0, |f| f.level);
        let highest = literals.iter().map(|literal| level_of(self, literal)).max().unwrap_or(0);
        if highest == 0 {
            return Learned::Contradiction;
        }
        self.back_to(highest);
        let mut seen = vec![false; self.values.len()];
        let mut learned = Clause::new();
        let mut pending = 0;
        let mut position = self.trail.len();
        loop {
            for literal in literals.drain(..) {
                let level = level_of(self, &literal);
                let Some(seen) = seen.get_mut(literal.variable) else { continue };
                if *seen || level == 0 {
                    continue;
                }
                *seen = true;
                if let Some(weight) = self.weights.get_mut(literal.variable) {
                    *weight += 1;
                }
                if level == highest {
                    pending += 1;
                } else {
                    learned.push(literal);
                }
            }
            let last = loop {
                position = position.saturating_sub(1);
                match self.trail.get(position) {
                    Some(literal) if seen.get(literal.variable) == Some(&true) => break *literal,
                    Some(_) if position > 0 => {}
                    _ => return Learned::Nothing,
                }
            };
            pending -= 1;
            if pending == 0 {
                let back = learned.iter().map(|literal| level_of(self, literal)).max().unwrap_or(0);
                learned.push(last.negated());
                self.back_to(back);
                self.add(learned);
                self.set(last.negated(), Some(self.clauses.len() - 1));
                return Learned::Clause;
            }
            let reason = self.fixed(last).and_then(|fixed| fixed.reason);
            literals =
                reason.and_then(|clause| self.clauses.get(clause)).cloned().unwrap_or_default();
        }
    }

    /// Takes back every choice after the first `level`.
    fn back_to(&mut self, level: usize) {
        let Some(length) = self.choices.get(level).copied() else { return };
        for literal in self.trail.drain(length..) {
            if let Some(value) = self.values.get_mut(literal.variable) {
                *value = None;
            }
        }
        self.choices.truncate(level);
        self.head = self.head.min(length);
        self.cursor = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator of numbers (xorshift), so that the cases are the same every time.
    fn below(state: &mut u64, bound: u64) -> u64 {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state % bound
    }

    #[test]
    fn agrees_with_trying_all_values() {
        let mut state = 0x9e37_79b9_7f4a_7c15;
        let mut outcomes = [0, 0];
        for _ in 0..4000 {
            let variables = 3 + below(&mut state, 7);
            let count = variables * 3 + below(&mut state, variables * 3);
            let clauses: Vec<Clause> = (0..count)
                .map(|_| {
                    let length = 1 + below(&mut state, 4);
                    let mut literal = || {
                        let variable = below(&mut state, variables);
                        Literal::new(usize::try_from(variable).unwrap(), below(&mut state, 2) == 0)
                    };
                    (0..length.max(2)).map(|_| literal()).collect()
                })
                .collect();
            let holds = |values: u64, literal: &Literal| {
                (values >> literal.variable & 1 == 1) == literal.sign
            };
            let satisfied = |values: u64| {
                clauses.iter().all(|clause| clause.iter().any(|literal| holds(values, literal)))
            };
            let expected = (0..1 << variables).any(satisfied);
            // Half of the clauses come only when all others are satisfied.
            let mut solver = Solver::default();
            let (first, late) = clauses.split_at(clauses.len() / 2);
            first.iter().for_each(|clause| solver.add(clause.clone()));
            let answer = solver.solve(&mut |values| {
                let broken = late.iter().find(|clause| {
                    let value = |literal: &Literal| {
                        values
                            .iter()
                            .find(|v| v.variable == literal.variable)
                            .is_some_and(|v| v == literal)
                    };
                    !clause.iter().any(value)
                });
                broken.cloned().into_iter().collect()
            });
            match answer {
                Satisfiable::Yes(values) => {
                    assert!(expected);
                    let word = values.iter().filter(|v| v.sign).fold(0, |w, v| w | 1 << v.variable);
                    assert!(satisfied(word));
                    outcomes[0] += 1;
                }
                Satisfiable::No => {
                    assert!(!expected);
                    outcomes[1] += 1;
                }
                Satisfiable::Unknown => panic!("gave up"),
            }
        }
        assert!(outcomes.iter().all(|count| *count > 500), "{outcomes:?}");
    }
}
