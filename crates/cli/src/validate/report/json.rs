//! The result as JSON: one document, policy by policy, or one record a line.

use std::io::{self, Write};

use ringfence_validation::Witness;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::json_repairs::{RepairRecord, repairs};
use super::view::{SpanView, serialize_members};
use super::{Report, Summary};
use crate::output::{Format, write_json};
use crate::validate::checked::{CheckedPolicy, Reported, State};
use crate::validate::gate::{Problem, Suppressed};
use crate::validate::subject::{Owner, SaidBy};

/// The version of the shape.
const FORMAT_VERSION: u32 = 1;

/// Writes the report.
pub(super) fn write(mut writer: &mut dyn Write, report: &Report, format: Format) -> io::Result<()> {
    match format {
        Format::Json | Format::Table => write_json(&mut writer, format, &Document::new(report)),
        Format::Jsonl => lines(writer, report),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'r> {
    format_version: u32,
    policies: Vec<Policy<'r>>,
    not_analyzed: Vec<NotAnalyzedRecord<'r>>,
    gate_problems: Vec<ProblemRecord<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repairs: Option<Vec<RepairRecord<'r>>>,
    summary: Summary,
}

impl<'r> Document<'r> {
    fn new(report: &'r Report) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            policies: report.policies.iter().map(|policy| Policy { report, policy }).collect(),
            not_analyzed: not_analyzed(report).collect(),
            gate_problems: report.judgement.problems.iter().map(ProblemRecord::from).collect(),
            repairs: report.fixed.as_deref().map(|fixed| repairs(fixed).collect()),
            summary: Summary::new(report),
        }
    }
}

/// A line for each finding, one for each thing that could not be looked at, one for each problem of the gate,
/// one for each repair, and one with the totals.
fn lines(writer: &mut dyn Write, report: &Report) -> io::Result<()> {
    for policy in &report.policies {
        for finding in &policy.findings {
            line(writer, &FindingLine { report, policy, finding })?;
        }
    }
    for not_analyzed in not_analyzed(report) {
        line(writer, &NotAnalyzedLine { not_analyzed })?;
    }
    for problem in &report.judgement.problems {
        line(writer, &ProblemLine { gate_problem: problem.into() })?;
    }
    for repair in repairs(report.fixed.as_deref().unwrap_or_default()) {
        line(writer, &RepairLine { repair })?;
    }
    line(writer, &SummaryLine { summary: Summary::new(report) })
}

fn line(writer: &mut dyn Write, record: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *writer, record)?;
    writer.write_all(b"\n")
}

struct Policy<'r> {
    report: &'r Report,
    policy: &'r CheckedPolicy,
}

impl Serialize for Policy<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut policy = serializer.serialize_struct("Policy", 6)?;
        serialize_subject(&mut policy, self.policy)?;
        let finding = |finding| FindingView { report: self.report, finding };
        let findings: Vec<_> = self.policy.findings.iter().map(finding).collect();
        policy.serialize_field("findings", &findings)?;
        policy.end()
    }
}

fn serialize_subject<S: SerializeStruct>(
    serializer: &mut S,
    policy: &CheckedPolicy,
) -> Result<(), S::Error> {
    let subject = &policy.subject;
    serializer.serialize_field("file", subject.source.file().as_ref())?;
    if let Some(Owner { resource, policy }) = &subject.owner {
        serializer.serialize_field("resource", resource)?;
        serializer.serialize_field("policyName", policy)?;
    }
    serializer.serialize_field("policyType", subject.kind.policy_type.as_str())?;
    if let Some(resource_type) = subject.attached_to {
        serializer.serialize_field("resourceType", resource_type)?;
    }
    let is_guess = match subject.kind.said_by {
        SaidBy::Guess => true,
        SaidBy::User | SaidBy::Environment => false,
    };
    serializer.serialize_field("policyTypeGuessed", &is_guess)?;
    match &policy.reference {
        Some(reference) => serializer.serialize_field("reference", reference.as_ref()),
        None => Ok(()),
    }
}

struct FindingView<'r> {
    report: &'r Report,
    finding: &'r Reported,
}

impl Serialize for FindingView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut finding = serializer.serialize_struct("Finding", 13)?;
        serialize_finding(&mut finding, self.report, self.finding)?;
        finding.end()
    }
}

struct FindingLine<'r> {
    report: &'r Report,
    policy: &'r CheckedPolicy,
    finding: &'r Reported,
}

impl Serialize for FindingLine<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut line = serializer.serialize_struct("FindingLine", 18)?;
        serialize_subject(&mut line, self.policy)?;
        serialize_finding(&mut line, self.report, self.finding)?;
        line.end()
    }
}

fn serialize_finding<S: SerializeStruct>(
    serializer: &mut S,
    report: &Report,
    own: &Reported,
) -> Result<(), S::Error> {
    serialize_members(serializer, &own.finding, Some(&own.places))?;
    serializer.serialize_field("origin", own.finding.origin.as_str())?;
    if !own.finding.witnesses.is_empty() {
        let witnesses: Vec<_> = own.finding.witnesses.iter().map(WitnessRecord::from).collect();
        serializer.serialize_field("witnesses", &witnesses)?;
    }
    serializer.serialize_field("severity", own.severity.as_str())?;
    let state = match &own.state {
        State::New => "new",
        State::Baseline => "baseline",
        State::Suppressed(_) => "suppressed",
    };
    serializer.serialize_field("state", state)?;
    serializer.serialize_field("fails", &report.fails(own))?;
    if let State::Suppressed(suppressed) = &own.state {
        serializer.serialize_field("suppression", &SuppressionRecord::from(suppressed))?;
    }
    if let Some(sid) = &own.sid {
        serializer.serialize_field("statementId", sid)?;
    }
    if let Some(evidence) = &own.evidence {
        serializer.serialize_field("check", evidence)?;
    }
    if let Some(replacement) = &own.replacement {
        let record =
            ReplacementRecord { span: SpanView(replacement.place), text: &replacement.text };
        serializer.serialize_field("suggestion", &record)?;
    }
    serializer.serialize_field("fingerprint", &own.fingerprint)
}

/// A request that shows the finding, in the form of scenarios.
#[derive(Serialize)]
pub(super) struct WitnessRecord<'r> {
    purpose: &'r str,
    request: serde_json::Value,
}

impl<'r> From<&'r Witness> for WitnessRecord<'r> {
    fn from(own: &'r Witness) -> Self {
        Self { purpose: &own.purpose, request: own.request.to_scenario_json() }
    }
}

#[derive(Serialize)]
struct ReplacementRecord<'r> {
    span: SpanView,
    text: &'r str,
}

#[derive(Serialize)]
struct SuppressionRecord<'r> {
    reason: &'r str,
    owner: &'r str,
    expires: String,
}

impl<'r> From<&'r Suppressed> for SuppressionRecord<'r> {
    fn from(own: &'r Suppressed) -> Self {
        Self { reason: &own.reason, owner: &own.owner, expires: own.expires.to_string() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NotAnalyzedRecord<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_type: Option<&'r str>,
    file: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    reason: &'r str,
}

fn not_analyzed(report: &Report) -> impl Iterator<Item = NotAnalyzedRecord<'_>> {
    let entries = report.unreadable.iter().chain(&report.not_analyzed);
    entries.map(|own| NotAnalyzedRecord {
        resource: own.resource.as_deref(),
        resource_type: own.resource_type.as_deref(),
        file: &own.file,
        line: own.line(),
        reason: &own.reason,
    })
}

#[derive(Serialize)]
struct ProblemRecord<'r> {
    file: &'r str,
    line: usize,
    column: usize,
    message: &'r str,
}

impl<'r> From<&'r Problem> for ProblemRecord<'r> {
    fn from(own: &'r Problem) -> Self {
        Self { file: &own.file, line: own.line, column: own.column, message: &own.message }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NotAnalyzedLine<'r> {
    not_analyzed: NotAnalyzedRecord<'r>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProblemLine<'r> {
    gate_problem: ProblemRecord<'r>,
}

#[derive(Serialize)]
struct RepairLine<'r> {
    repair: RepairRecord<'r>,
}

#[derive(Serialize)]
struct SummaryLine {
    summary: Summary,
}
