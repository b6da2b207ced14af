//! The result as a comment on a pull request.

use std::io::{self, Write};

use super::escape::{markdown, markdown_with_code};
use super::{Report, Summary};
use crate::text::counted;
use crate::validate::issue::learn_more_link;
use crate::validate::severity::Severity;

/// A comment on GitHub has at most 65,536 characters; no more rows are written behind this many.
const ROOM: usize = 56_000;
/// Writes the report.
pub(super) fn write(writer: &mut dyn Write, report: &Report) -> io::Result<()> {
    let summary = Summary::new(report);
    let verdict = match (summary.passed, summary.complete) {
        (true, true) => "passed",
        (true, false) => "passed, not everything could be analyzed",
        (false, _) => "failed",
    };
    // By its first line a later run finds the comment again.
    let mut text = format!(
        "<!-- ringfence {} -->\n### {}: {verdict}\n\n{}\n",
        report.kind.command,
        report.kind.title,
        totals(&summary)
    );
    let mut left_out = 0;
    problems(&mut text, report);
    findings(&mut text, report, &mut left_out);
    not_analyzed(&mut text, report, &mut left_out);
    if left_out > 0 {
        text.push_str(&format!("\nAnd {} that had no room here.\n", counted(left_out, "more row")));
    }
    writer.write_all(text.as_bytes())
}

fn totals(summary: &Summary) -> String {
    let policies = match summary.policies {
        1 => "1 policy".to_owned(),
        policies => format!("{policies} policies"),
    };
    let mut parts = vec![format!("{} in {policies}", counted(summary.findings, "finding"))];
    for severity in Severity::ALL {
        let count = summary.by_severity.get(severity.as_str()).copied().unwrap_or(0);
        if count > 0 {
            parts.push(counted(count, &severity.as_str().replace('-', " ")));
        }
    }
    for (count, what) in
        [(summary.in_baseline, "in the baseline"), (summary.suppressed, "suppressed")]
    {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    format!("{}.", parts.join(" · "))
}

fn problems(text: &mut String, report: &Report) {
    for problem in &report.judgement.problems {
        let at = format!("{}:{}", problem.file, problem.line);
        text.push_str(&format!("\n- **{}** {}\n", markdown(&at), markdown(&problem.message)));
    }
}

fn findings(text: &mut String, report: &Report, left_out: &mut usize) {
    let mut is_first = true;
    for (policy, findings) in report.new_findings() {
        for (_, own) in findings {
            if is_first {
                text.push_str("\n| Severity | Check | Where | What is wrong, and what to do |\n|---|---|---|---|\n");
                is_first = false;
            }
            let fails = if report.fails(own) { "**" } else { "" };
            let start = own.place().start;
            let mut place = format!("{}:{}", policy.subject.source.file(), start.line);
            if let Some(owner) = &policy.subject.owner {
                place = format!("{place} ({}, {})", owner.resource, owner.policy);
            }
            let row = format!(
                "| {fails}{}{fails} | [{}]({}) | {} | {} |\n",
                own.severity.as_str(),
                markdown(own.finding.issue_code),
                learn_more_link(&own.finding),
                markdown(&place),
                markdown_with_code(&own.finding.details),
            );
            push(text, &row, left_out);
        }
    }
}

fn not_analyzed(text: &mut String, report: &Report, left_out: &mut usize) {
    let entries: Vec<_> = report.unreadable.iter().chain(&report.not_analyzed).collect();
    if entries.is_empty() {
        return;
    }
    text.push_str("\nNot analyzed:\n\n");
    for entry in entries {
        let row = format!("- {}: {}\n", markdown(&entry.file), markdown(&entry.reason));
        push(text, &row, left_out);
    }
}

fn push(text: &mut String, row: &str, left_out: &mut usize) {
    match text.len() + row.len() > ROOM {
        true => *left_out += 1,
        false => text.push_str(row),
    }
}
