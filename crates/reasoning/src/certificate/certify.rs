//! Making certificates.
//!
//! The engine has answered `Holds`. What is written down is not the way of its search but what any
//! search needs: the checker's own reading of the claim is searched for a request, part by part, and
//! every set of elements that turns out to be impossible becomes a lemma, as small as it can be made.
//! A certificate that the checker would refuse is never given out.

use std::collections::{BTreeMap, BTreeSet};

use ringfence_policy::{Condition, Pattern, PatternElement, PolicyDocument, Principal, Statement};
use thiserror::Error;

use super::verify::{
    Atom, Clause, Judgement, Literal, Meaning, Posed, Refused, Satisfiable, Solver,
};
use super::{Certificate, Claim, Lemma, Reference, Said, read, verify, write};
use crate::limit::Limit;
use crate::question::Question;
use crate::questions::{Answer, Refutation};

/// Why there is no certificate.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum NotCertified {
    /// The answer is `Fails`.
    #[error("the check fails: a request contradicts it")]
    Fails(Box<Refutation>),
    /// There is no answer.
    #[error("the check is undecided: {0}")]
    Unknown(Limit),
    /// The answer rests on the values that policy variables can have. That these are all that matter
    /// is an argument that certificates cannot express.
    #[error(
        "the check passes only for reasons of policy variables, which certificates do not cover"
    )]
    PolicyVariables,
    /// A policy has elements that its canonical text does not keep apart.
    #[error("the policy has conditions that its canonical text does not keep apart: {0}")]
    NotPrintable(String),
    /// The engine answers `Holds`, and the checker's reading leaves a request over. One of them is
    /// wrong, or the policy mixes types in a way that certificates do not cover.
    #[error("the check passes and the checker does not follow: {0}")]
    NotFollowed(String),
    /// The checker does not take what was made.
    #[error("the checker refuses the certificate: {0}")]
    Refused(#[from] Refused),
}

/// The certificate of a question whose answer is `Holds`.
///
/// # Errors
/// The answer is another one, or cannot be certified.
pub fn certify(question: &Question<'_>) -> Result<Certificate, NotCertified> {
    match question.ask() {
        Answer::Holds => {}
        Answer::Fails(refutation) => return Err(NotCertified::Fails(Box::new(refutation))),
        Answer::Unknown(limit) => return Err(NotCertified::Unknown(limit)),
    }
    let claim = claim(question)?;
    let posed = Posed::new(&claim);
    let lemmas = search(&posed)?;
    let lemmas = needed(&posed, lemmas);
    let names = names(&posed);
    let lemma = |literals: &Clause| {
        let impossible = literals.iter().filter_map(|literal| {
            let (reference, sign) = names.get(&literal.variable)?;
            Some(Said { reference: (*reference).clone(), met: literal.sign == *sign })
        });
        Lemma { impossible: impossible.collect() }
    };
    let certificate = Certificate { lemmas: lemmas.iter().map(lemma).collect(), claim };
    verify(&certificate)?;
    Ok(certificate)
}

/// The claim as it will be read from the certificate, if that is what was asked.
fn claim(question: &Question<'_>) -> Result<Claim, NotCertified> {
    let read = read::claim(&write::claim(question).to_string());
    let claim = read.map_err(|problem| NotCertified::NotPrintable(problem.to_string()))?;
    let asked: Vec<Vec<&Statement>> = match question {
        Question::NoNewAccess { existing, new } => vec![statements(existing), statements(new)],
        Question::AccessNotGranted { policy, .. }
        | Question::NoPublicAccess { policy }
        | Question::NoAccessFromOutside { policy, .. } => vec![statements(policy)],
        Question::AnythingAllowed { layers, within } => {
            let own = layers.iter().flatten().map(|document| statements(document));
            own.chain([within.matching.clone()]).collect()
        }
    };
    for (asked, (name, read)) in asked.iter().zip(claim.documents()) {
        let read = statements(read);
        let same = asked.len() == read.len() && asked.iter().zip(&read).all(|(a, b)| is_same(a, b));
        if !same {
            return Err(NotCertified::NotPrintable(name));
        }
    }
    Ok(claim)
}

fn statements(document: &PolicyDocument) -> Vec<&Statement> {
    document.statements.iter().collect()
}

/// Whether two statements are the same but for their places in a text.
fn is_same(one: &Statement, other: &Statement) -> bool {
    fn listed(element: &PatternElement) -> (bool, Vec<&Pattern>) {
        let plain = element.polarity == ringfence_policy::Polarity::Plain;
        (plain, element.patterns.iter().map(|pattern| &pattern.value).collect())
    }
    fn named(statement: &Statement) -> Option<(bool, BTreeSet<&Principal>)> {
        let element = statement.principal.as_ref()?;
        let plain = element.polarity == ringfence_policy::Polarity::Plain;
        Some((plain, element.principals.iter().map(|principal| &principal.value).collect()))
    }
    fn conditions(statement: &Statement) -> Vec<(String, &str, Vec<&Pattern>)> {
        let each = statement.conditions.iter().map(|condition: &Condition| {
            let values = condition.values.iter().map(|value| &value.value).collect();
            (condition.operator.value.to_string(), condition.key.value.folded(), values)
        });
        let mut all: Vec<_> = each.collect();
        all.sort();
        all
    }
    one.effect.value == other.effect.value
        && listed(&one.action) == listed(&other.action)
        && one.resource.as_ref().map(listed) == other.resource.as_ref().map(listed)
        && named(one) == named(other)
        && conditions(one) == conditions(other)
}

/// Sets of literals that cannot all be true, enough of them to prove the claim.
fn search(posed: &Posed) -> Result<Vec<Clause>, NotCertified> {
    let mut solver = Solver::default();
    posed.clauses.iter().for_each(|clause| solver.add(clause.clone()));
    let mut lemmas: Vec<Clause> = Vec::new();
    let mut undecided = false;
    let mut open = String::new();
    let outcome = solver.solve(&mut |values| {
        let found = conflicts(posed, values);
        undecided |= found.undecided;
        open = found.example;
        let clauses = found.impossible.iter().map(|own| own.iter().map(|l| l.negated()).collect());
        let clauses = clauses.collect();
        lemmas.extend(found.impossible);
        clauses
    });
    match outcome {
        Satisfiable::No => Ok(lemmas),
        Satisfiable::Yes(_) if undecided => {
            Err(NotCertified::NotFollowed("it takes too long to decide".to_owned()))
        }
        Satisfiable::Yes(_) if posed.elements.has_variables() => Err(NotCertified::PolicyVariables),
        Satisfiable::Yes(_) => Err(NotCertified::NotFollowed(open)),
        Satisfiable::Unknown => Err(NotCertified::Refused(Refused::TooManyWays)),
    }
}

/// What is impossible about an assignment.
struct Conflicts {
    impossible: Vec<Clause>,
    undecided: bool,
    /// What is possible, part by part.
    example: String,
}

fn conflicts(posed: &Posed, values: &[Literal]) -> Conflicts {
    let mut parts: BTreeMap<_, Vec<(Literal, &Atom)>> = BTreeMap::new();
    for literal in values {
        if let Some(atom) = posed.elements.atom(literal.variable) {
            parts.entry(atom.subject()).or_default().push((*literal, atom));
        }
    }
    let mut found = Conflicts { impossible: Vec::new(), undecided: false, example: String::new() };
    for (subject, own) in parts {
        match judge(posed, &own) {
            Judgement::Impossible(core) => {
                let core = core.iter().filter_map(|at| own.get(*at)).copied().collect();
                let smallest = smallest(posed, core);
                found.impossible.push(smallest.into_iter().map(|(literal, _)| literal).collect());
            }
            Judgement::Possible(example) => {
                found.example.push_str(&format!("{subject:?}: {example}; "));
            }
            Judgement::Undecided => found.undecided = true,
        }
    }
    found
}

fn judge(posed: &Posed, sayings: &[(Literal, &Atom)]) -> Judgement {
    let sayings: Vec<(&Atom, bool)> =
        sayings.iter().map(|(literal, atom)| (*atom, literal.sign)).collect();
    posed.elements.world.judge(&sayings)
}

/// Leaves out what is not needed for the rest to be impossible.
fn smallest<'a>(posed: &Posed, mut core: Vec<(Literal, &'a Atom)>) -> Vec<(Literal, &'a Atom)> {
    let mut at = 0;
    while at < core.len() {
        let mut fewer = core.clone();
        fewer.remove(at);
        match judge(posed, &fewer) {
            Judgement::Impossible(_) => core = fewer,
            Judgement::Possible(_) | Judgement::Undecided => at += 1,
        }
    }
    core
}

/// With more lemmas than this none is left out.
const MAX_TRIED: usize = 200;

/// Leaves out lemmas without which the claim still follows.
fn needed(posed: &Posed, mut lemmas: Vec<Clause>) -> Vec<Clause> {
    let mut at = if lemmas.len() > MAX_TRIED { 0 } else { lemmas.len() };
    while at > 0 {
        at -= 1;
        let mut fewer = lemmas.clone();
        fewer.remove(at);
        let mut solver = Solver::default();
        posed.clauses.iter().for_each(|clause| solver.add(clause.clone()));
        fewer.iter().for_each(|lemma| solver.add(lemma.iter().map(|l| l.negated()).collect()));
        if solver.solve(&mut |_| Vec::new()) == Satisfiable::No {
            lemmas = fewer;
        }
    }
    lemmas
}

/// For each variable an element that it stands for, and the sign with which it does.
fn names(posed: &Posed) -> BTreeMap<usize, (&Reference, bool)> {
    let mut names = BTreeMap::new();
    for (reference, meaning) in posed.elements.references() {
        if let Meaning::Literal(literal) = meaning {
            names.entry(literal.variable).or_insert((reference, literal.sign));
        }
    }
    names
}
