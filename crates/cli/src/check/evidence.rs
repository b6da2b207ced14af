//! From the engine's answer about a policy to a finding that reports can show.

use std::borrow::Cow;
use std::sync::Arc;

use ringfence_access::inventory::MAX_POLICY_BYTES;
use ringfence_policy::location::LineIndex;
use ringfence_policy::{ConditionKey, PolicyDocument, RequestContext, json};
use ringfence_reasoning::Answer;
use ringfence_reasoning::wording::Wording;
use ringfence_validation::{Finding, FindingType, Origin};
use serde::{Serialize, Serializer};

use super::answer::CheckAnswer;
use super::custom::NOT_DECIDED;
use crate::validate::Severity;
use crate::validate::checked::{Places, Reported, State};
use crate::validate::fingerprint::Fingerprints;
use crate::validate::subject::Subject;

/// More parts of a request's context are counted only.
const MAX_CONTEXT: usize = 6;

/// The answer behind a finding, and what was asked.
#[derive(Debug, Serialize)]
pub(crate) struct Evidence {
    /// The answer.
    #[serde(flatten)]
    pub(crate) answer: CheckAnswer,
    /// The policy that this one was held against.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "text")]
    pub(crate) reference: Option<Arc<str>>,
    /// The entry of the list of critical access.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) critical: Option<Critical>,
    /// What is wrong and what to do, without the request that shows it.
    #[serde(skip)]
    pub(crate) advice: String,
}

/// An entry of a list of critical access.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Critical {
    /// What it is called.
    pub(crate) name: String,
    /// Why it is critical.
    pub(crate) description: String,
}

impl Evidence {
    /// Whether the answer is one.
    pub(crate) fn is_decided(&self) -> bool {
        self.answer.is_decided()
    }
}

/// A question that was asked about a policy.
pub(super) struct Asked {
    pub(super) issue_code: &'static str,
    pub(super) wording: &'static Wording,
    pub(super) answer: Answer,
    pub(super) reference: Option<Arc<str>>,
    pub(super) critical: Option<Critical>,
}

/// The findings of the answers that do not pass, at the statements that they name.
pub(super) fn reported(
    subject: &Subject,
    document: &PolicyDocument,
    asked: Vec<Asked>,
) -> Vec<Reported> {
    if asked.iter().all(|own| matches!(own.answer, Answer::Holds)) {
        return Vec::new();
    }
    let text: Cow<'_, str> = subject.source.decoded().unwrap_or_default();
    debug_assert!(text.len() <= MAX_POLICY_BYTES);
    let parsed = json::parse(&text);
    let lines = LineIndex::new(&text);
    let places = Places::new(&subject.source, &text);
    let mut fingerprints = Fingerprints::new(subject, &text, &parsed.value);
    let mut findings = Vec::new();
    for Asked { issue_code, wording, answer, reference, critical } in asked {
        let answer = CheckAnswer::new(answer, document, wording);
        if answer.passes() {
            continue;
        }
        let indexes = answer.reasons.iter().filter_map(|reason| reason.statement_index);
        let statements = indexes.filter_map(|index| document.statements.get(index));
        let mut spans: Vec<_> = statements.map(|statement| statement.span).collect();
        if spans.is_empty() {
            spans.push(parsed.value.span);
        }
        let sid = answer.reasons.first().and_then(|reason| reason.statement_id.clone());
        let topic = critical.as_ref().map_or("", |critical| critical.name.as_str()).to_owned();
        let advice = advice(issue_code, &answer, reference.as_deref(), critical.as_ref());
        let details = match &answer.witness {
            Some(witness) => format!("{advice} For example {}.", request(witness)),
            None => advice.clone(),
        };
        let evidence = Evidence { answer, reference, critical, advice };
        let finding = Finding {
            origin: Origin::Aws,
            issue_code: if evidence.is_decided() { issue_code } else { NOT_DECIDED },
            finding_type: FindingType::SecurityWarning,
            details,
            locations: spans.iter().map(|span| lines.location(&parsed.value, *span)).collect(),
            suggestion: None,
            witnesses: Vec::new(),
        };
        findings.push(Reported {
            places: finding.locations.iter().map(|own| places.span(own.span)).collect(),
            sid,
            severity: Severity::from(finding.finding_type),
            fingerprint: fingerprints.of_whole(&finding, &topic),
            state: State::New,
            evidence: Some(evidence),
            replacement: None,
            finding,
        });
    }
    findings
}

fn text<S: Serializer>(text: &Option<Arc<str>>, serializer: S) -> Result<S::Ok, S::Error> {
    text.as_deref().serialize(serializer)
}

/// What is wrong, and what to do.
fn advice(
    issue_code: &str,
    answer: &CheckAnswer,
    reference: Option<&str>,
    critical: Option<&Critical>,
) -> String {
    if !answer.is_decided() {
        let limit = answer.reasons.first().map_or("", |reason| reason.description.as_str());
        return format!("`{issue_code}` could not be decided and counts as failed. {limit}");
    }
    match (reference, critical) {
        (Some(reference), _) => format!(
            "The policy allows what its reference `{reference}` does not. Narrow the statement, or have the \
             reference changed."
        ),
        (None, Some(Critical { name, description })) => {
            let why = if description.is_empty() { String::new() } else { format!(" ({description})") };
            format!("The policy grants critical access, `{name}`{why}. Take it out of the statement.")
        }
        (None, None) => "The policy grants public access. Name the principals, or add conditions that only those \
                         can meet whom you know."
            .to_owned(),
    }
}

fn is_derived(key: &ConditionKey) -> bool {
    key.as_written().eq_ignore_ascii_case("aws:PrincipalArn")
}

/// A request in one sentence.
fn request(witness: &RequestContext) -> String {
    let mut text = format!(
        "`{}` may call `{}` on `{}`",
        witness.caller.to_text(),
        witness.action,
        witness.resource
    );
    // What follows from the caller is said already.
    let context: Vec<_> = witness.context.iter().filter(|(key, _)| !is_derived(key)).collect();
    for (number, (key, value)) in context.iter().take(MAX_CONTEXT).enumerate() {
        let before = if number == 0 { " with" } else { "," };
        let value = value.values().join("`, `");
        text.push_str(&format!("{before} `{}` = `{value}`", key.as_written()));
    }
    match context.len().saturating_sub(MAX_CONTEXT) {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}
