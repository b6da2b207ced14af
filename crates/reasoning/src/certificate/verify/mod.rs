//! Checks a certificate with nothing but the model of policies: no part of the engine is used here.
//!
//! Three steps. The claim is read as clauses over the elements of its statements, such that a request
//! which contradicts the claim would satisfy them. Each lemma is decided: can a request meet, and fail
//! to meet, these elements of one part of it as the lemma lists them? And the clauses together with the
//! lemmas are found to be unsatisfiable, so there is no such request.
//!
//! What is taken for granted:
//! - A key that some condition compares as a number, date, address, boolean or binary value, and no
//!   condition otherwise, has values of that type. Other keys have any text.
//! - Keys that start with `aws:`, apart from those that AWS says have several values, have one value or
//!   none; so has every key that no condition looks at with ForAllValues or ForAnyValue.
//! - A caller is of one of the kinds of [`caller`], and of a partition that the policies name.
//! - Of a policy variable nothing is known but that it stands for one text wherever a request meets it,
//!   and that an element with a variable that has no value is not met.

mod atom;
mod caller;
mod elements;
mod folding;
mod instant;
mod pattern;
mod posed;
mod principal;
mod sat;
mod shapes;
mod untrusted;
mod values;
mod words;

use thiserror::Error;

use super::{Certificate, Lemma};

pub(super) use atom::{Atom, Judgement};
pub(super) use elements::Meaning;
pub(super) use posed::Posed;
pub(super) use sat::{Clause, Literal, Satisfiable, Solver};

/// What was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The number of lemmas, all of them right.
    pub lemmas: usize,
}

/// Why a certificate does not prove its claim.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// A lemma is wrong or cannot be read; they are counted from 0.
    #[error("lemma {lemma} {fault}")]
    Lemma {
        /// The lemma's place.
        lemma: usize,
        /// What is wrong with it.
        fault: Fault,
    },
    /// The lemmas are right and leave requests over.
    #[error("the lemmas do not rule out every request that contradicts the claim")]
    NotProved,
    /// Putting the lemmas together took too long.
    #[error("the lemmas combine in too many ways to be checked")]
    TooManyWays,
}

/// What is wrong with a lemma.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// It names an element that the claim does not have.
    #[error("names {0}, which the claim does not have")]
    NoSuchElement(String),
    /// It names an element that is met, or not met, whatever the request.
    #[error("names {0}, which does not depend on the request")]
    Constant(String),
    /// Its elements are about different parts of the request.
    #[error("puts together elements that are about different parts of a request")]
    DifferentParts,
    /// A request can be so.
    #[error("is wrong: a request can be so, for example {0}")]
    Possible(String),
    /// It takes too long to decide.
    #[error("takes too long to decide")]
    Undecided,
}

/// Checks that `certificate` proves its claim.
///
/// # Errors
/// The first reason found why it does not.
pub fn verify(certificate: &Certificate) -> Result<Verified, Refused> {
    let posed = Posed::new(&certificate.claim);
    let mut solver = Solver::default();
    for (number, lemma) in certificate.lemmas.iter().enumerate() {
        let literals = impossible(&posed, lemma);
        let literals = literals.map_err(|fault| Refused::Lemma { lemma: number, fault })?;
        solver.add(literals.into_iter().map(Literal::negated).collect());
    }
    posed.clauses.into_iter().for_each(|clause| solver.add(clause));
    match solver.solve(&mut |_| Vec::new()) {
        Satisfiable::No => Ok(Verified { lemmas: certificate.lemmas.len() }),
        Satisfiable::Yes(_) => Err(Refused::NotProved),
        Satisfiable::Unknown => Err(Refused::TooManyWays),
    }
}

/// The literals of a lemma, which cannot all be true.
fn impossible(posed: &Posed, lemma: &Lemma) -> Result<Vec<Literal>, Fault> {
    let mut literals = Vec::with_capacity(lemma.impossible.len());
    let mut sayings: Vec<(&Atom, bool)> = Vec::with_capacity(lemma.impossible.len());
    for said in &lemma.impossible {
        let named = || said.reference.to_string();
        let meaning = posed.elements.meaning(&said.reference);
        let literal = match meaning.ok_or_else(|| Fault::NoSuchElement(named()))? {
            Meaning::Literal(literal) if said.met => literal,
            Meaning::Literal(literal) => literal.negated(),
            Meaning::Always | Meaning::Never => return Err(Fault::Constant(named())),
        };
        let atom = posed.elements.atom(literal.variable);
        sayings.push((atom.ok_or_else(|| Fault::NoSuchElement(named()))?, literal.sign));
        literals.push(literal);
    }
    let subject = sayings.first().map(|(atom, _)| atom.subject());
    if sayings.iter().any(|(atom, _)| Some(atom.subject()) != subject) {
        return Err(Fault::DifferentParts);
    }
    match posed.elements.world.judge(&sayings) {
        Judgement::Impossible(_) => Ok(literals),
        Judgement::Possible(example) => Err(Fault::Possible(example)),
        Judgement::Undecided => Err(Fault::Undecided),
    }
}
