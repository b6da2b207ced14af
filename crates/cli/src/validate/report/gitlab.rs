//! The result for merge requests on GitLab: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use crate::validate::fingerprint::normal_path;
use crate::validate::severity::Severity;

#[derive(Serialize)]
struct Issue<'r> {
    description: &'r str,
    check_name: &'r str,
    fingerprint: &'r str,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Writes the findings that count: GitLab compares with the target branch by itself.
pub(super) fn write(writer: &mut dyn Write, report: &Report) -> io::Result<()> {
    let mut issues = Vec::new();
    for (policy, findings) in report.new_findings() {
        for (_, own) in findings {
            let place = own.place();
            issues.push(Issue {
                description: &own.finding.details,
                check_name: own.finding.issue_code,
                fingerprint: &own.fingerprint,
                severity: severity(own.severity),
                location: Location {
                    path: normal_path(policy.subject.source.file()),
                    lines: Lines { begin: place.start.line, end: place.end.line },
                },
            });
        }
    }
    serde_json::to_writer_pretty(&mut *writer, &issues)?;
    writeln!(writer)
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::SecurityWarning => "major",
        Severity::Warning => "minor",
        Severity::Suggestion => "info",
    }
}
