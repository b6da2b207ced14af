//! The result of a scan as JSON: one document that is written finding by finding, or one record a line.

use std::io::{self, Write};

use ringfence_access::internal::InternalObservation;
use ringfence_access::inventory::{NotAnalyzed, Resource};
use ringfence_access::observation::Observation;
use serde::Serialize;

use super::Report;
use super::internal_record::InternalFinding;
use super::record::{Finding, NotAnalyzedRecord};
use super::summary::Summary;
use super::zone::ZoneOfTrustView;

/// One document: `{"zoneOfTrust", "findings", "notAnalyzed", "summary"}`, a finding a line.
pub(super) struct Json;

impl Report for Json {
    fn begin(&self, writer: &mut dyn Write, zone: &ZoneOfTrustView) -> io::Result<()> {
        writer.write_all(b"{\n\"zoneOfTrust\": ")?;
        serde_json::to_writer(&mut *writer, zone)?;
        writer.write_all(b",\n\"findings\": [")
    }

    fn external(&self, _: &Resource, findings: &[Observation]) -> Vec<u8> {
        lines(findings.iter().map(Finding::from), b",\n")
    }

    fn internal(&self, _: &Resource, findings: &[InternalObservation]) -> Vec<u8> {
        lines(findings.iter().map(InternalFinding::from), b",\n")
    }

    fn append(&self, writer: &mut dyn Write, findings: &[u8], written: usize) -> io::Result<()> {
        writer.write_all(if written == 0 { b"\n" } else { b",\n" })?;
        writer.write_all(findings)
    }

    fn end(
        &self,
        writer: &mut dyn Write,
        removed: &[Observation],
        not_analyzed: &[NotAnalyzed],
        summary: &Summary,
    ) -> io::Result<()> {
        writer.write_all(if summary.findings == 0 { b"]" } else { b"\n]" })?;
        if summary.changes.is_some() {
            writer.write_all(b",\n\"removed\": [")?;
            for (number, finding) in removed.iter().enumerate() {
                writer.write_all(if number == 0 { b"\n" } else { b",\n" })?;
                serde_json::to_writer(&mut *writer, &Finding::removed(finding))?;
            }
            writer.write_all(if removed.is_empty() { b"]" } else { b"\n]" })?;
        }
        writer.write_all(b",\n\"notAnalyzed\": [")?;
        for (number, entry) in not_analyzed.iter().enumerate() {
            writer.write_all(if number == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut *writer, &NotAnalyzedRecord::from(entry))?;
        }
        writer.write_all(if not_analyzed.is_empty() { b"]" } else { b"\n]" })?;
        writer.write_all(b",\n\"summary\": ")?;
        serde_json::to_writer(&mut *writer, summary)?;
        writer.write_all(b"\n}\n")
    }
}

/// A line for `{"zoneOfTrust": …}`, one for each finding as it is, one for each `{"notAnalyzed": …}`, and
/// `{"summary": …}`.
pub(super) struct Jsonl;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NotAnalyzedLine<'n> {
    not_analyzed: NotAnalyzedRecord<'n>,
}

#[derive(Serialize)]
struct RemovedLine<'o> {
    removed: Finding<'o>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ZoneLine<'z> {
    zone_of_trust: &'z ZoneOfTrustView,
}

#[derive(Serialize)]
struct SummaryLine<'s> {
    summary: &'s Summary,
}

impl Report for Jsonl {
    fn begin(&self, writer: &mut dyn Write, zone: &ZoneOfTrustView) -> io::Result<()> {
        line(writer, &ZoneLine { zone_of_trust: zone })
    }

    fn external(&self, _: &Resource, findings: &[Observation]) -> Vec<u8> {
        lines(findings.iter().map(Finding::from), b"\n")
    }

    fn internal(&self, _: &Resource, findings: &[InternalObservation]) -> Vec<u8> {
        lines(findings.iter().map(InternalFinding::from), b"\n")
    }

    fn append(&self, writer: &mut dyn Write, findings: &[u8], _: usize) -> io::Result<()> {
        writer.write_all(findings)?;
        writer.write_all(b"\n")
    }

    fn end(
        &self,
        writer: &mut dyn Write,
        removed: &[Observation],
        not_analyzed: &[NotAnalyzed],
        summary: &Summary,
    ) -> io::Result<()> {
        for finding in removed {
            line(writer, &RemovedLine { removed: Finding::removed(finding) })?;
        }
        for entry in not_analyzed {
            line(writer, &NotAnalyzedLine { not_analyzed: entry.into() })?;
        }
        line(writer, &SummaryLine { summary })
    }
}

fn line(writer: &mut dyn Write, record: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *writer, record)?;
    writer.write_all(b"\n")
}

fn lines(findings: impl Iterator<Item = impl Serialize>, between: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for (number, finding) in findings.enumerate() {
        if number > 0 {
            text.extend_from_slice(between);
        }
        // Writing to memory does not fail, and all keys are strings.
        let _ = serde_json::to_writer(&mut text, &finding);
    }
    text
}
