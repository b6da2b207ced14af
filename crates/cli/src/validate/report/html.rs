//! The result as one HTML page. Everything from outside is escaped; the page has no script, loads nothing, and
//! forbids the browser both, whatever a policy says.

use std::io::{self, Write};

use ringfence_access::inventory::NotAnalyzed;

use super::escape::{html, html_with_code};
use super::excerpt::{Excerpt, Lines, Part};
use super::{Report, Summary};
use crate::text::counted;
use crate::validate::checked::{CheckedPolicy, Reported, State};
use crate::validate::issue::learn_more_link;
use crate::validate::severity::Severity;

/// The page's style, the only one that the browser may apply.
const STYLE: &str = include_str!("style.css");
/// What the browser may do with the page. The hash is that of [`STYLE`].
const POLICY: &str = "default-src 'none'; \
    style-src 'sha256-JqGYdaGxrlYAqKMsahNXVGSanYBv0+bC4sTgwvSmbQM='; base-uri 'none'; form-action 'none'";
/// As much of a line is shown.
const WIDTH: usize = 400;
/// More places of one finding are counted only.
const MAX_PLACES: usize = 20;

/// Writes the report.
pub(super) fn write(writer: &mut dyn Write, report: &Report) -> io::Result<()> {
    let summary = Summary::new(report);
    head(writer, report, &summary)?;
    for problem in &report.judgement.problems {
        let at = format!("{}:{}:{}", problem.file, problem.line, problem.column);
        writeln!(
            writer,
            "<article class=\"gate\"><p><span class=\"type\">GATE</span> <span class=\"place\">{}</span></p><p>{}</p></article>",
            html(&at),
            html(&problem.message)
        )?;
    }
    for policy in report.policies.iter().filter(|policy| !policy.findings.is_empty()) {
        write_policy(writer, report, policy)?;
    }
    let entries = report.unreadable.iter().chain(&report.not_analyzed);
    entries.into_iter().try_for_each(|entry| write_not_analyzed(writer, entry))?;
    writeln!(writer, "</body>\n</html>")
}

fn head(writer: &mut dyn Write, report: &Report, summary: &Summary) -> io::Result<()> {
    let (class, verdict) = match (summary.passed, summary.complete) {
        (true, true) => ("passed", "Passed"),
        (true, false) => ("passed", "Passed, but not everything could be analyzed"),
        (false, _) => ("failed", "Failed"),
    };
    writeln!(
        writer,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>{title}</h1>\n<p class=\"verdict {class}\">{verdict}</p>",
        title = html(report.kind.title),
    )?;
    let policies = match summary.policies {
        1 => "1 policy".to_owned(),
        policies => format!("{policies} policies"),
    };
    let mut totals = vec![format!("{} in {policies}", counted(summary.findings, "finding"))];
    for (count, text) in [
        (summary.in_baseline, format!("{} in the baseline", summary.in_baseline)),
        (summary.suppressed, format!("{} suppressed", summary.suppressed)),
        (summary.not_analyzed, format!("{} not analyzed", counted(summary.not_analyzed, "thing"))),
        (
            summary.other_files,
            format!("{} passed over", counted(summary.other_files, "other file")),
        ),
    ] {
        totals.extend((count > 0).then_some(text));
    }
    writeln!(writer, "<p class=\"totals\">{}.</p>", totals.join(", "))?;
    write!(writer, "<p class=\"filters\">")?;
    for severity in Severity::ALL {
        let name = severity.as_str();
        let count = summary.by_severity.get(name).copied().unwrap_or(0);
        filter(writer, name, &format!("{} ({count})", name.replace('-', " ")))?;
    }
    let aside = summary.in_baseline + summary.suppressed;
    filter(writer, "aside", &format!("known or suppressed ({aside})"))?;
    writeln!(writer, "</p>")
}

fn filter(writer: &mut dyn Write, name: &str, label: &str) -> io::Result<()> {
    write!(writer, "<label><input type=\"checkbox\" id=\"show-{name}\" checked> {label}</label>")
}

fn write_policy(writer: &mut dyn Write, report: &Report, policy: &CheckedPolicy) -> io::Result<()> {
    let subject = &policy.subject;
    let owner = subject.owner.as_ref();
    let about = owner.map(|own| format!("{}, {}, ", own.resource, own.policy)).unwrap_or_default();
    writeln!(
        writer,
        "<section>\n<h2>{} <small>{}{}</small></h2>",
        html(subject.source.file()),
        html(&about),
        html(&subject.kind.describe())
    )?;
    let text = subject.source.decoded().unwrap_or_default();
    let lines = Lines::new(&subject.source, &text);
    for own in &policy.findings {
        write_finding(writer, report, own, &lines)?;
    }
    writeln!(writer, "</section>")
}

fn write_finding(
    writer: &mut dyn Write,
    report: &Report,
    own: &Reported,
    lines: &Lines<'_>,
) -> io::Result<()> {
    let (aside, state) = match &own.state {
        State::New if report.fails(own) => ("", "fails".to_owned()),
        State::New => ("", String::new()),
        State::Baseline => (" aside", "in the baseline".to_owned()),
        State::Suppressed(by) => {
            (" aside", format!("suppressed by {} until {}: {}", by.owner, by.expires, by.reason))
        }
    };
    let start = own.place().start;
    writeln!(
        writer,
        "<article class=\"{}{aside}\">\n<p><span class=\"type\">{}</span> \
         <a href=\"{}\" rel=\"noopener noreferrer\"><code>{}</code></a> \
         <span class=\"place\">line {}, column {}</span> <span class=\"state\">{}</span></p>",
        own.severity.as_str(),
        own.finding.finding_type.as_str(),
        html(&learn_more_link(&own.finding)),
        html(own.finding.issue_code),
        start.line,
        start.column,
        html(&state)
    )?;
    for excerpt in lines.excerpts(&own.marked(MAX_PLACES), WIDTH) {
        write_excerpt(writer, &excerpt)?;
    }
    let more = own.places.len().saturating_sub(MAX_PLACES);
    if more > 0 {
        writeln!(writer, "<p>and {}</p>", counted(more, "more place"))?;
    }
    writeln!(writer, "<p>{}</p>\n</article>", html_with_code(&own.finding.details))
}

fn write_excerpt(writer: &mut dyn Write, excerpt: &Excerpt) -> io::Result<()> {
    write!(writer, "<pre>")?;
    if let Some(number) = excerpt.number {
        write!(writer, "<span class=\"number\">{number} </span>")?;
    }
    for part in &excerpt.parts {
        match part {
            Part::Plain(text) => write!(writer, "{}", html(text))?,
            Part::Marked(text) => write!(writer, "<mark>{}</mark>", html(text))?,
        }
    }
    if excerpt.more_lines > 0 {
        let more = counted(excerpt.more_lines, "more line");
        write!(writer, "<span class=\"number\"> and {more}</span>")?;
    }
    writeln!(writer, "</pre>")
}

fn write_not_analyzed(writer: &mut dyn Write, entry: &NotAnalyzed) -> io::Result<()> {
    let at = match entry.position {
        Some(at) => format!("{}:{}:{}", entry.file, at.line, at.column),
        None => entry.file.to_string(),
    };
    writeln!(
        writer,
        "<article class=\"not-analyzed\"><p><span class=\"type\">not analyzed</span> <span class=\"place\">{} {}</span></p><p>{}</p></article>",
        html(&at),
        html(entry.resource.as_deref().unwrap_or_default()),
        html(&entry.reason)
    )
}
