//! Which repairs of a policy are made, one round after the other until none is left to make.
//!
//! A round looks for repairs, makes those that do not touch each other, and proves of the result that every request
//! is answered as before. Repairs that another one is in the way of, and those that only now can be seen, come in a
//! later round.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use ringfence_policy::{ByteSpan, DiagnosticKind, ParsedPolicy, json, parse_policy};
use ringfence_validation::{Finding, validate};

use super::edit::{Edit, apply, before, places};
use super::effect::{Effect, compare};
use crate::validate::checked::sid_of;
use crate::validate::subject::SubjectKind;

/// So often repairs are looked for in a policy.
const MAX_ROUNDS: usize = 50;
/// So many results are looked at for a policy.
const MAX_TRIALS: usize = 500;

/// Which repairs are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::validate) enum Scope {
    /// Those that change nothing about the requests that are allowed.
    Safe,
    /// Those that do, as well.
    Unsafe,
}

/// What is made of a policy.
#[derive(Debug)]
pub(super) struct Plan {
    /// The policy with the repairs.
    pub(super) text: String,
    /// The repairs that were made. Their places count in the text that was given.
    pub(super) made: Vec<Repair>,
    /// Those that were not. Their places count in the text with the repairs.
    pub(super) left: Vec<Repair>,
}

/// A repair, made or not.
#[derive(Clone, Debug)]
pub(in crate::validate) struct Repair {
    /// The check that suggests it.
    pub(in crate::validate) issue_code: &'static str,
    /// Where it begins, in bytes.
    pub(in crate::validate) offset: usize,
    /// What is taken out.
    pub(in crate::validate) removed: String,
    /// What is put in.
    pub(in crate::validate) inserted: String,
    /// What it does to the requests that are allowed.
    pub(in crate::validate) effect: Effect,
}

/// Plans the repairs of the findings that `wanted` takes: it is given the check's code and the statement's Sid.
pub(super) fn plan(
    text: &str,
    kind: SubjectKind,
    scope: Scope,
    wanted: &dyn Fn(&str, Option<&str>) -> bool,
) -> Plan {
    let mut now = State::read(text.to_owned(), kind);
    let mut trials = MAX_TRIALS;
    let mut made = Vec::new();
    let mut rounds: Vec<Vec<Edit>> = Vec::new();
    loop {
        let candidates = now.candidates(wanted);
        if rounds.len() == MAX_ROUNDS {
            let left = candidates.iter().map(|own| now.repair(own, too_many_rounds())).collect();
            return Plan { text: now.text, made, left };
        }
        let round = settle(&now, &candidates, scope, &mut trials);
        let Some(result) = round.result else {
            return Plan { text: now.text, made, left: round.left };
        };
        let lead_back = |offset| rounds.iter().rev().fold(offset, |at, edits| before(edits, at));
        let made_now = round.made.into_iter();
        made.extend(made_now.map(|own| Repair { offset: lead_back(own.offset), ..own }));
        rounds.push(round.edits);
        now = result;
    }
}

fn too_many_rounds() -> Effect {
    Effect::Unproven(format!("it was not tried after {MAX_ROUNDS} rounds of repairs"))
}

/// A policy, and what is to be said about it.
struct State {
    text: String,
    kind: SubjectKind,
    findings: Vec<Finding>,
    model: ParsedPolicy,
}

/// A repair that could be made.
struct Candidate {
    issue_code: &'static str,
    edit: Edit,
}

/// What became of the repairs of a round.
#[derive(Default)]
struct Round {
    /// What there is then; none when nothing was repaired.
    result: Option<State>,
    edits: Vec<Edit>,
    made: Vec<Repair>,
    left: Vec<Repair>,
}

impl State {
    fn read(text: String, kind: SubjectKind) -> Self {
        let findings = validate(&text, kind.policy_type, kind.resource_type);
        let model = parse_policy(&text);
        Self { text, kind, findings, model }
    }

    fn candidates(&self, wanted: &dyn Fn(&str, Option<&str>) -> bool) -> Vec<Candidate> {
        let findings = self.findings.iter().filter(|finding| finding.suggestion.is_some());
        let document = json::parse(&self.text).value;
        let mut candidates: Vec<Candidate> = findings
            .filter_map(|finding| {
                let edit = Edit::new(&self.text, finding.suggestion.as_ref()?)?;
                let candidate = Candidate { issue_code: finding.issue_code, edit };
                let sid = sid_of(&document, finding);
                wanted(finding.issue_code, sid.as_deref()).then_some(candidate)
            })
            .collect();
        candidates.sort_by(|one, other| one.edit.cmp(&other.edit));
        candidates.dedup_by(|one, other| one.edit == other.edit);
        candidates
    }

    fn repair(&self, candidate: &Candidate, effect: Effect) -> Repair {
        Repair {
            issue_code: candidate.issue_code,
            offset: candidate.edit.start,
            removed: self.text.get(candidate.edit.range()).unwrap_or_default().to_owned(),
            inserted: candidate.edit.text.clone(),
            effect,
        }
    }

    /// What it means that `after`, the text of `base` with `edits`, takes the place of this policy. `new` are those of
    /// the edits that this policy does not have yet.
    fn effect(&self, after: &Self, base: &Self, edits: &[Edit], new: &[&Candidate]) -> Effect {
        let placed: BTreeMap<&Edit, Range<usize>> = edits.iter().zip(places(edits)).collect();
        let place = |own: &&Candidate| placed.get(&own.edit).cloned().unwrap_or_default();
        let put_in: Vec<_> = new.iter().map(place).collect();
        let stays = |(own, place): (&&Candidate, &Range<usize>)| {
            after.count(own.issue_code) >= self.count(own.issue_code)
                && (place.is_empty() || after.suggests_again(own.issue_code, place))
        };
        if new.iter().zip(&put_in).any(stays) {
            return Effect::NoRepair("the finding would stay");
        }
        let (problems, left) = (&self.model.diagnostics, &after.model.diagnostics);
        let Some(first) = problems.first() else {
            return match left.is_empty() {
                true => compare(&self.model.document, &after.model.document),
                false => Effect::NoRepair("the result would be no policy"),
            };
        };
        let is_spelling = |own: &&Candidate| {
            let removed = base.text.get(own.edit.range()).unwrap_or_default();
            removed.eq_ignore_ascii_case(&own.edit.text)
        };
        if new.iter().all(is_spelling) && put_in.iter().all(|place| after.is_sound_at(place)) {
            return Effect::Spelling;
        }
        if left.len() > problems.len() {
            return Effect::NoRepair("the result would have more problems than before");
        }
        Effect::Unproven(format!(
            "the policy as it is cannot be read, so that there is nothing to compare with: {}",
            first.message
        ))
    }

    fn count(&self, issue_code: &str) -> usize {
        self.findings.iter().filter(|own| own.issue_code == issue_code).count()
    }

    /// Whether a check would replace what stands at a place.
    fn suggests_again(&self, issue_code: &str, place: &Range<usize>) -> bool {
        let findings = self.findings.iter().filter(|own| own.issue_code == issue_code);
        findings.filter_map(|own| own.suggestion.as_ref()).any(|own| meet(own.span, place))
    }

    /// Whether what stands at a place can be read, and is not there twice. What surrounds it may lack something.
    fn is_sound_at(&self, place: &Range<usize>) -> bool {
        let is_of_surroundings = |kind| match kind {
            DiagnosticKind::MissingElement | DiagnosticKind::WrongType => true,
            DiagnosticKind::Syntax
            | DiagnosticKind::Nesting
            | DiagnosticKind::DuplicateKey
            | DiagnosticKind::UnknownElement
            | DiagnosticKind::InvalidValue
            | DiagnosticKind::Combination => false,
        };
        let diagnostics = self.model.diagnostics.iter();
        !diagnostics.filter(|own| !is_of_surroundings(own.kind)).any(|own| meet(own.span, place))
    }
}

fn meet(span: ByteSpan, place: &Range<usize>) -> bool {
    (span.start as usize) < place.end && place.start < span.end as usize
}

/// Makes what can be made: all at once where that changes nothing, else those of one check, else one by one.
fn settle(now: &State, candidates: &[Candidate], scope: Scope, trials: &mut usize) -> Round {
    if candidates.is_empty() {
        return Round::default();
    }
    let codes: BTreeSet<_> = candidates.iter().map(|own| own.issue_code).collect();
    at_once(now, candidates.iter())
        .or_else(|| {
            let of = |code| move |own: &&Candidate| own.issue_code == code;
            codes.into_iter().find_map(|code| at_once(now, candidates.iter().filter(of(code))))
        })
        .unwrap_or_else(|| one_by_one(now, candidates, scope, trials))
}

/// Makes all that do not touch each other, if that changes nothing.
fn at_once<'c>(now: &State, candidates: impl Iterator<Item = &'c Candidate>) -> Option<Round> {
    let mut together: Vec<&Candidate> = Vec::new();
    for candidate in candidates {
        if together.last().is_none_or(|last| !last.edit.touches(&candidate.edit)) {
            together.push(candidate);
        }
    }
    let edits: Vec<Edit> = together.iter().map(|own| own.edit.clone()).collect();
    let result = State::read(apply(&now.text, &edits), now.kind);
    let effect = now.effect(&result, now, &edits, &together);
    let made = together.iter().map(|own| now.repair(own, effect.clone())).collect();
    let round = Round { result: Some(result), edits, made, left: Vec::new() };
    effect.is_safe().then_some(round)
}

fn one_by_one(now: &State, candidates: &[Candidate], scope: Scope, trials: &mut usize) -> Round {
    let mut round = Round::default();
    for candidate in candidates {
        if round.edits.iter().any(|edit| edit.touches(&candidate.edit)) {
            continue; // It comes again in the next round.
        }
        let Some(rest) = trials.checked_sub(1) else {
            let why = format!("it was not tried after {MAX_TRIALS} others");
            round.left.push(now.repair(candidate, Effect::Unproven(why)));
            continue;
        };
        *trials = rest;
        let mut edits = round.edits.clone();
        edits.push(candidate.edit.clone());
        let after = State::read(apply(&now.text, &edits), now.kind);
        let so_far = round.result.as_ref().unwrap_or(now);
        let effect = so_far.effect(&after, now, &edits, &[candidate]);
        let repair = now.repair(candidate, effect);
        if is_made(&repair.effect, scope) {
            round.made.push(repair);
            round.edits = edits;
            round.result = Some(after);
        } else {
            round.left.push(repair);
        }
    }
    round
}

fn is_made(effect: &Effect, scope: Scope) -> bool {
    match effect {
        Effect::Same | Effect::Spelling => true,
        Effect::Changes(_) | Effect::Unproven(_) => scope == Scope::Unsafe,
        Effect::NoRepair(_) => false,
    }
}
