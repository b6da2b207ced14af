//! The result as SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html>.
//!
//! Regions are exact, fingerprints stay when lines move, suppressed findings are suppressed results. A finding
//! about several places has the first as its location and the others as related ones.

use std::collections::BTreeMap;
use std::io::{self, Write};

use ringfence_access::inventory::{Embedding, NotAnalyzed};
use ringfence_policy::location::{PathElement, Span};
use ringfence_validation::{FindingType, Origin};
use serde_json::{Value, json};

use super::json::WitnessRecord;
use super::uri::uri;
use super::{Compared, Report, Summary};
use crate::validate::checked::{CheckedPolicy, Reported, State};
use crate::validate::gate::Problem;
use crate::validate::issue::issue;
use crate::validate::severity::Severity;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The folder that relative names of files start from.
const BASE: &str = "%SRCROOT%";

/// Writes the report.
pub(super) fn write(writer: &mut dyn Write, report: &Report) -> io::Result<()> {
    let codes = report.policies.iter().flat_map(|policy| &policy.findings);
    let mut rules: BTreeMap<&str, usize> = codes.map(|own| (own.finding.issue_code, 0)).collect();
    for (index, place) in rules.values_mut().enumerate() {
        *place = index;
    }
    let described: Vec<Value> = rules.keys().map(|code| rule(code)).collect();
    let results: Vec<Value> = report
        .policies
        .iter()
        .flat_map(|policy| policy.findings.iter().map(move |own| (policy, own)))
        .map(|(policy, own)| result(report, policy, own, rules.get(own.finding.issue_code)))
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Ringfence",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": described,
            } },
            "automationDetails": { "id": format!("ringfence-{}/", report.kind.command.replace(' ', "-")) },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { BASE: {
                "description": { "text": "The folder that the command ran in." }
            } },
            "invocations": [invocation(report)],
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *writer, &log)?;
    writeln!(writer)
}

fn rule(code: &str) -> Value {
    let Some(check) = issue(code) else { return json!({ "id": code }) };
    let severity = Severity::from(check.finding_type);
    let first = check.page.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let mut tags = tags(check.finding_type);
    match check.origin {
        Origin::Aws => {}
        Origin::Ringfence => tags.push("ringfence"),
    }
    let mut properties = json!({ "precision": "very-high", "tags": tags });
    if let (FindingType::SecurityWarning, Some(members)) =
        (check.finding_type, properties.as_object_mut())
    {
        members.insert("security-severity".to_owned(), json!("7.0"));
    }
    json!({
        "id": code,
        "name": pascal_case(code),
        "shortDescription": { "text": sentence(&first) },
        "fullDescription": { "text": plain(&first) },
        "help": { "text": plain(check.page), "markdown": check.page },
        "helpUri": check.link,
        "defaultConfiguration": { "level": level(severity) },
        "properties": properties,
    })
}

fn tags(finding_type: FindingType) -> Vec<&'static str> {
    match finding_type {
        FindingType::SecurityWarning => vec!["aws", "iam", "security"],
        FindingType::Error | FindingType::Warning => vec!["aws", "iam", "correctness"],
        FindingType::Suggestion => vec!["aws", "iam", "maintainability"],
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error | Severity::SecurityWarning => "error",
        Severity::Warning => "warning",
        Severity::Suggestion => "note",
    }
}

fn result(report: &Report, policy: &CheckedPolicy, own: &Reported, rule: Option<&usize>) -> Value {
    let file = policy.subject.source.file();
    let path = |index: usize| own.finding.locations.get(index).map(|own| own.path.as_slice());
    let located = |(index, place): (usize, &Span)| {
        let mut location = location(file, *place);
        let name = logical_name(policy, path(index).unwrap_or_default());
        if let (Some(members), false) = (location.as_object_mut(), name.is_empty()) {
            let logical = json!([{ "fullyQualifiedName": name }]);
            members.insert("logicalLocations".to_owned(), logical);
        }
        location
    };
    let mut locations: Vec<Value> = own.places.iter().enumerate().map(located).collect();
    let related = locations.split_off(locations.len().min(1));
    let witnesses: Vec<WitnessRecord<'_>> = own.finding.witnesses.iter().map(Into::into).collect();
    let mut result = json!({
        "ruleId": own.finding.issue_code,
        "level": level(own.severity),
        "message": { "text": plain(&own.finding.details) },
        "locations": locations,
        "partialFingerprints": { "ringfence/v1": own.fingerprint },
        "suppressions": suppressions(own),
        "properties": {
            "findingType": own.finding.finding_type.as_str(),
            "policyType": policy.subject.kind.policy_type.as_str(),
            "severity": own.severity.as_str(),
            "origin": own.finding.origin.as_str(),
            "witnesses": witnesses,
        },
    });
    let Some(members) = result.as_object_mut() else { return result };
    if let Some(rule) = rule {
        members.insert("ruleIndex".to_owned(), json!(rule));
    }
    if !related.is_empty() {
        members.insert("relatedLocations".to_owned(), Value::Array(related));
    }
    if report.compared == Compared::WithBaseline {
        let state = if own.state == State::Baseline { "unchanged" } else { "new" };
        members.insert("baselineState".to_owned(), json!(state));
    }
    if let Some(fix) = fix(policy, own) {
        members.insert("fixes".to_owned(), json!([fix]));
    }
    result
}

fn location(file: &str, place: Span) -> Value {
    let uri = uri(file);
    let artifact = match uri.starts_with("file:") {
        true => json!({ "uri": uri }),
        false => json!({ "uri": uri, "uriBaseId": BASE }),
    };
    json!({ "physicalLocation": { "artifactLocation": artifact, "region": region(place) } })
}

/// Columns count from 1 here, offsets from 0.
fn region(place: Span) -> Value {
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column + 1,
        "endLine": place.end.line,
        "endColumn": place.end.column + 1,
        "charOffset": place.start.offset,
        "charLength": place.end.offset.saturating_sub(place.start.offset),
    })
}

/// `Statement[0].Action[1]`, behind what the policy belongs to.
fn logical_name(policy: &CheckedPolicy, path: &[PathElement]) -> String {
    let mut name = String::new();
    if let Some(owner) = &policy.subject.owner {
        name = format!("{}, {}: ", owner.resource, owner.policy);
    }
    for (number, step) in path.iter().enumerate() {
        match step {
            PathElement::Index(index) => name.push_str(&format!("[{index}]")),
            PathElement::Key(text) | PathElement::Value(text) => {
                name.push_str(if number == 0 { "" } else { "." });
                name.push_str(text);
            }
        }
    }
    name
}

fn suppressions(own: &Reported) -> Value {
    let State::Suppressed(by) = &own.state else { return json!([]) };
    let justification = format!("{} ({}, until {})", by.reason, by.owner, by.expires);
    json!([{ "kind": "external", "status": "accepted", "justification": justification }])
}

fn fix(policy: &CheckedPolicy, own: &Reported) -> Option<Value> {
    let replacement = own.replacement.as_ref()?;
    if policy.subject.source.embedding() != Embedding::Document {
        return None; // The text would have to be written as a part of a string.
    }
    let location = location(policy.subject.source.file(), replacement.place);
    let artifact = location.get("physicalLocation")?.get("artifactLocation")?.clone();
    Some(json!({
        "description": { "text": "Put the suggested text here." },
        "artifactChanges": [{
            "artifactLocation": artifact,
            "replacements": [{
                "deletedRegion": region(replacement.place),
                "insertedContent": { "text": replacement.text },
            }],
        }],
    }))
}

fn invocation(report: &Report) -> Value {
    let summary = Summary::new(report);
    let entries = report.unreadable.iter().chain(&report.not_analyzed);
    let not_analyzed: Vec<Value> = entries.map(not_analyzed).collect();
    let problems: Vec<Value> = report.judgement.problems.iter().map(problem).collect();
    json!({
        "executionSuccessful": report.unreadable.is_empty(),
        "toolExecutionNotifications": not_analyzed,
        "toolConfigurationNotifications": problems,
        "properties": { "complete": summary.complete, "passed": summary.passed },
    })
}

fn not_analyzed(entry: &NotAnalyzed) -> Value {
    let location = match entry.position {
        Some(at) => location(&entry.file, Span { start: at, end: at }),
        None => json!({ "physicalLocation": { "artifactLocation": { "uri": uri(&entry.file) } } }),
    };
    json!({
        "level": "error",
        "message": { "text": plain(&format!("not analyzed: {}", entry.reason)) },
        "locations": [location],
    })
}

fn problem(own: &Problem) -> Value {
    json!({
        "level": "error",
        "message": { "text": plain(&own.message) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&own.file) },
            "region": { "startLine": own.line, "startColumn": own.column + 1 },
        } }],
    })
}

/// Text in which nothing is a link: SARIF reads `[text](target)` as one.
fn plain(text: &str) -> String {
    text.replace("](", "] (")
}

/// The first sentence of a text.
fn sentence(text: &str) -> String {
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    plain(text.get(..end).unwrap_or(text))
}

/// `InvalidAction` of `INVALID_ACTION`.
fn pascal_case(code: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        format!("{}{}", first.to_uppercase(), rest.to_lowercase())
    };
    code.split('_').map(word).collect()
}
