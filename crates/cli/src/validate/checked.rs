//! What the checks say about a policy, with the places in its file.

use std::sync::Arc;

use ringfence_access::inventory::{
    Embedding, MAX_POLICY_BYTES, NotAnalyzed, PolicySource, place_within,
};
use ringfence_policy::json::{self, Value};
use ringfence_policy::location::{LineIndex, PathElement, Position, Span};
use ringfence_validation::{Finding, validate, validate_beyond_aws};

use crate::check::Evidence;

use super::arguments::CheckSet;
use super::fingerprint::Fingerprints;
use super::gate::Suppressed;
use super::severity::Severity;
use super::subject::Subject;

/// A policy and what is to be said about it.
#[derive(Debug)]
pub(crate) struct CheckedPolicy {
    /// The policy.
    pub(crate) subject: Subject,
    /// What the checks found, in AWS's order.
    pub(crate) findings: Vec<Reported>,
    /// The policy that it was held against, if it was.
    pub(crate) reference: Option<Arc<str>>,
}

/// A finding, and what the run makes of it.
#[derive(Debug)]
pub(crate) struct Reported {
    /// What the check says. Its locations count in the policy's own text.
    pub(crate) finding: Finding,
    /// Where its locations are in the file, in the same order.
    pub(crate) places: Vec<Span>,
    /// The Sid of the statement that its first location is in.
    pub(crate) sid: Option<String>,
    /// How grave it is.
    pub(crate) severity: Severity,
    /// What it is known by in later runs: the same when lines have moved.
    pub(crate) fingerprint: String,
    /// Whether it counts.
    pub(crate) state: State,
    /// The question that was asked and its answer, where it is one of the checks of [`crate::check`].
    pub(crate) evidence: Option<Evidence>,
    /// A text that repairs it, where there is one certain repair.
    pub(crate) replacement: Option<PlacedReplacement>,
}

/// A text to put in the place of another.
#[derive(Debug)]
pub(crate) struct PlacedReplacement {
    /// The place in the file.
    pub(crate) place: Span,
    /// What to put there.
    pub(crate) text: String,
}

/// Whether a finding counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It does.
    New,
    /// It was there in the baseline.
    Baseline,
    /// Somebody answers for it.
    Suppressed(Suppressed),
}

impl Reported {
    /// Whether a baseline can hold it. What is not decided is asked again.
    pub(crate) fn may_be_known(&self) -> bool {
        self.evidence.as_ref().is_none_or(Evidence::is_decided)
    }

    /// Where it is first of all.
    pub(crate) fn place(&self) -> Span {
        let start = Position { line: 1, column: 0, offset: 0 };
        self.places.first().copied().unwrap_or(Span { start, end: start })
    }
}

/// Checks a policy.
///
/// # Errors
/// When its text cannot be had.
pub(super) fn check(subject: Subject, checks: CheckSet) -> Result<CheckedPolicy, Box<NotAnalyzed>> {
    let problem = |position, message: String| {
        let entry = NotAnalyzed::new(subject.source.file(), message);
        let owner = subject.owner.as_ref().map(|owner| owner.resource.clone());
        Box::new(NotAnalyzed { position: Some(position), resource: owner, ..entry })
    };
    let findings = {
        let text = subject.source.decoded();
        let text = text.map_err(|own| problem(own.position, own.message))?;
        if text.len() > MAX_POLICY_BYTES {
            let message = format!("the policy has more than {MAX_POLICY_BYTES} bytes");
            return Err(problem(subject.source.position(0), message));
        }
        reported(&subject, &text, checks)
    };
    Ok(CheckedPolicy { subject, findings, reference: None })
}

fn reported(subject: &Subject, text: &str, checks: CheckSet) -> Vec<Reported> {
    let kind = subject.kind;
    let findings = match checks {
        CheckSet::All => validate_beyond_aws(text, kind.policy_type, kind.resource_type),
        CheckSet::Aws => validate(text, kind.policy_type, kind.resource_type),
    };
    if findings.is_empty() {
        return Vec::new();
    }
    let parsed = json::parse(text);
    let places = Places::new(&subject.source, text);
    let mut fingerprints = Fingerprints::new(subject, text, &parsed.value);
    let lines = LineIndex::new(text);
    let report = |finding: Finding| {
        let replacement = finding.suggestion.as_ref();
        Reported {
            places: finding.locations.iter().map(|own| places.span(own.span)).collect(),
            sid: sid_of(&parsed.value, &finding),
            severity: finding.finding_type.into(),
            fingerprint: fingerprints.of(&finding),
            state: State::New,
            evidence: None,
            replacement: replacement.map(|own| PlacedReplacement {
                place: places.span(lines.span(own.span)),
                text: own.text.clone(),
            }),
            finding,
        }
    };
    // What a template leaves open cannot be judged by its wording.
    let is_known = |own: &Reported| own.places.iter().all(|at| subject.source.is_known(at.start));
    findings.into_iter().map(report).filter(is_known).collect()
}

/// The statement that a path leads into.
pub(crate) fn statement_of(path: &[PathElement]) -> Option<usize> {
    match path {
        [PathElement::Value(name), PathElement::Index(index), ..] if name == "Statement" => {
            Some(*index)
        }
        [PathElement::Value(name), ..] if name == "Statement" => Some(0),
        _ => None,
    }
}

/// The statement with this index.
pub(crate) fn statement<'v, 't>(document: &'v Value<'t>, index: usize) -> Option<&'v Value<'t>> {
    let statement = document.get("Statement")?;
    match statement.elements() {
        [] => (index == 0 && !statement.members().is_empty()).then_some(statement),
        elements => elements.get(index),
    }
}

/// The Sid of the statement that a finding's first location is in.
pub(crate) fn sid_of(document: &Value<'_>, finding: &Finding) -> Option<String> {
    let index = finding.locations.first().and_then(|own| statement_of(&own.path))?;
    statement(document, index)?.get("Sid")?.as_str().map(str::to_owned)
}

/// From places in a policy's text to places in its file.
pub(crate) struct Places<'s> {
    source: &'s PolicySource,
    start: Position,
    /// The byte offset of each character, where it is needed and not the same.
    bytes: Option<Vec<u32>>,
}

impl<'s> Places<'s> {
    pub(crate) fn new(source: &'s PolicySource, text: &str) -> Self {
        let is_embedded = source.embedding() != Embedding::Document;
        let bytes = (is_embedded && !text.is_ascii()).then(|| {
            let offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            offsets.map(|at| u32::try_from(at).unwrap_or(u32::MAX)).collect()
        });
        Self { source, start: source.position(0), bytes }
    }

    pub(crate) fn span(&self, span: Span) -> Span {
        Span { start: self.position(span.start), end: self.position(span.end) }
    }

    fn position(&self, inner: Position) -> Position {
        if self.source.embedding() == Embedding::Document {
            return place_within(self.start, inner);
        }
        let same = || u32::try_from(inner.offset).unwrap_or(u32::MAX);
        let byte = match &self.bytes {
            Some(bytes) => bytes.get(inner.offset).copied().unwrap_or_else(same),
            None => same(),
        };
        self.source.position(byte)
    }
}
