//! The findings of the policy checks as the editor underlines them.

use std::ops::Range as Bytes;

use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity,
    DiagnosticTag, Location, Uri,
};
use ringfence_policy::{Span, json};
use ringfence_validation::{Finding, Replacement, validate_beyond_aws};

use super::client::Client;
use super::configuration::Configured;
use super::open_document::OpenDocument;
use super::settings::DocumentKind;
use crate::validate::Severity;
use crate::validate::checked::sid_of;

/// Longer texts are not checked: no policy comes near, and the editor waits for each answer.
const MAX_BYTES: usize = 1024 * 1024;

/// A finding as the editor shows it, and the text that repairs it where there is one certain repair.
#[derive(Debug)]
pub(super) struct Reported {
    pub(super) diagnostic: Diagnostic,
    pub(super) replacement: Option<Replacement>,
}

/// Checks a document, and leaves out what does not count where it is.
pub(super) fn check(
    document: &OpenDocument,
    kind: DocumentKind,
    configured: Option<&Configured<'_>>,
    client: &Client,
) -> Vec<Reported> {
    let DocumentKind::Policy(policy_type, resource_type) = kind else { return Vec::new() };
    let text = document.text();
    if text.len() > MAX_BYTES {
        return vec![too_long(document)];
    }
    let characters = Characters::new(text);
    let findings = validate_beyond_aws(text, policy_type, resource_type).into_iter();
    let parsed = configured.map(|_| json::parse(text));
    let severity = |finding: &Finding| {
        let own = Severity::from(finding.finding_type);
        let (Some(configured), Some(parsed)) = (configured, &parsed) else { return Some(own) };
        let sid = sid_of(&parsed.value, finding);
        configured.gate.severity_in(&configured.path, finding.issue_code, sid.as_deref(), own)
    };
    findings
        .filter_map(|finding| Some((severity(&finding)?, finding)))
        .map(|(severity, finding)| reported(finding, severity, document, client, &characters))
        .collect()
}

fn reported(
    finding: Finding,
    severity: Severity,
    document: &OpenDocument,
    client: &Client,
    characters: &Characters,
) -> Reported {
    let ranges: Vec<_> = finding
        .locations
        .iter()
        .map(|location| document.range(&characters.bytes(location.span)))
        .collect();
    let related = ranges.iter().skip(1).map(|range| DiagnosticRelatedInformation {
        location: Location { uri: Uri(document.uri.clone()), range: *range },
        message: "the finding is about this place too".to_owned(),
    });
    let diagnostic = Diagnostic {
        range: ranges.first().copied().unwrap_or_default(),
        severity: Some(shown_severity(severity)),
        code: Some(Code::String(finding.issue_code.to_owned())),
        code_description: Some(CodeDescription { href: Uri(finding.learn_more_link()) }),
        source: Some("ringfence".to_owned()),
        tags: tag(finding.issue_code).map(|tag| vec![tag]),
        related_information: client.related_information.then(|| related.collect()),
        message: finding.details.into(),
        data: None,
    };
    Reported { diagnostic, replacement: finding.suggestion }
}

fn shown_severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::Error,
        Severity::SecurityWarning | Severity::Warning => DiagnosticSeverity::Warning,
        Severity::Suggestion => DiagnosticSeverity::Information,
    }
}

/// Editors fade out what could go, and strike through what is outdated.
fn tag(issue_code: &str) -> Option<DiagnosticTag> {
    match issue_code {
        "CONDITION_ALWAYS_TRUE" => Some(DiagnosticTag::Unnecessary),
        code if code.contains("_COVERED_BY_") => Some(DiagnosticTag::Unnecessary),
        code if code.starts_with("REDUNDANT_") => Some(DiagnosticTag::Unnecessary),
        code if code.starts_with("DEPRECATED_") => Some(DiagnosticTag::Deprecated),
        _ => None,
    }
}

fn too_long(document: &OpenDocument) -> Reported {
    let message = format!("This text has more than {MAX_BYTES} bytes and is not checked.");
    let diagnostic = Diagnostic {
        range: document.range(&(0..0)),
        severity: Some(DiagnosticSeverity::Information),
        source: Some("ringfence".to_owned()),
        message: message.into(),
        ..Diagnostic::default()
    };
    Reported { diagnostic, replacement: None }
}

/// Leads from the characters in which AWS counts to bytes.
enum Characters {
    /// Each character is a byte.
    Ascii,
    /// Where each character begins, and the end of the text.
    Offsets(Vec<usize>),
}

impl Characters {
    fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self::Ascii;
        }
        let starts = text.char_indices().map(|(at, _)| at);
        Self::Offsets(starts.chain([text.len()]).collect())
    }

    fn byte(&self, character: usize) -> usize {
        match self {
            Self::Ascii => character,
            Self::Offsets(offsets) => {
                let end = offsets.last().copied().unwrap_or(0);
                offsets.get(character).copied().unwrap_or(end)
            }
        }
    }

    fn bytes(&self, span: Span) -> Bytes<usize> {
        self.byte(span.start.offset)..self.byte(span.end.offset)
    }
}
