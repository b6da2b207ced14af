//! The result as people read it: a block for each finding, with the line it is about.

use std::io::{self, Write};

use ringfence_access::inventory::NotAnalyzed;
use ringfence_validation::Witness;

use super::excerpt::{Excerpt, Lines, Part};
use super::{Report, Summary};
use crate::check::table::{Shown, write_lines};
use crate::output::Output;
use crate::request;
use crate::style::Palette;
use crate::text::{counted, visible, wrap};
use crate::validate::checked::{CheckedPolicy, Reported};
use crate::validate::severity::Severity;

/// How far the text of a finding is indented.
const INDENT: usize = 4;

/// Writes the report.
pub(super) fn write(writer: &mut dyn Write, report: &Report, output: &Output) -> io::Result<()> {
    for (policy, findings) in report.new_findings() {
        if findings.is_empty() {
            continue;
        }
        let text = policy.subject.source.decoded().unwrap_or_default();
        let lines = Lines::new(&policy.subject.source, &text);
        for (_, finding) in findings {
            write_finding(writer, policy, finding, &lines, output)?;
        }
    }
    for problem in &report.judgement.problems {
        let at = format!("{}:{}:{}", problem.file, problem.line, problem.column);
        let (alarm, place) = (output.palette.alarm, output.palette.place);
        writeln!(writer, "{place}{}{place:#}  {alarm}GATE{alarm:#}", visible(&at))?;
        indented(writer, &problem.message, output)?;
        writeln!(writer)?;
    }
    let not_analyzed = report.unreadable.iter().chain(&report.not_analyzed);
    not_analyzed.into_iter().try_for_each(|entry| write_not_analyzed(writer, entry, output))?;
    write_summary(writer, report, output)
}

fn write_finding(
    writer: &mut dyn Write,
    policy: &CheckedPolicy,
    own: &Reported,
    lines: &Lines<'_>,
    output: &Output,
) -> io::Result<()> {
    let palette = output.palette;
    let start = own.place().start;
    let at = format!("{}:{}:{}", policy.subject.source.file(), start.line, start.column);
    let style = style_of(own.severity, &palette);
    writeln!(
        writer,
        "{place}{}{place:#}  {style}{}{style:#} {title}{}{title:#}",
        visible(&at),
        kind(own),
        own.finding.issue_code,
        place = palette.place,
        title = palette.title,
    )?;
    if let Some(owner) = &policy.subject.owner {
        let text = format!("{}, {}", owner.resource, owner.policy);
        let faint = palette.faint;
        writeln!(writer, "{:INDENT$}{faint}{}{faint:#}", "", visible(&text))?;
    }
    let marked = own.marked(MAX_PLACES);
    match &own.evidence {
        Some(_) if marked.iter().any(|own| own.span.start.line != own.span.end.line) => {
            let text = policy.subject.source.decoded().unwrap_or_default();
            for own in &marked {
                let shown = Shown { margin: INDENT, first: own.line };
                write_lines(writer, &text, own.span, shown, output)?;
            }
        }
        _ => {
            let width = output.width.saturating_sub(INDENT + 8).max(20);
            for excerpt in lines.excerpts(&marked, width) {
                write_excerpt(writer, &excerpt, style, &palette)?;
            }
        }
    }
    let more = own.places.len().saturating_sub(MAX_PLACES);
    if more > 0 {
        writeln!(writer, "{:INDENT$}and {}", "", counted(more, "more place"))?;
    }
    match &own.evidence {
        None => {
            indented(writer, &own.finding.details, output)?;
            write_witnesses(writer, &own.finding.witnesses, output)?;
        }
        Some(evidence) => {
            indented(writer, &evidence.advice, output)?;
            if let Some(witness) = &evidence.answer.witness {
                indented(writer, "A request that gets through:", output)?;
                request::write(writer, witness, "      ", output)?;
            }
        }
    }
    let faint = palette.faint;
    let page = own.finding.issue_code.to_lowercase();
    writeln!(writer, "{:INDENT$}{faint}page: {page}{faint:#}\n", "")
}

/// More places, and more requests, of one finding are counted only.
const MAX_PLACES: usize = 4;

/// The requests that show what the finding says; the JSON forms have all.
fn write_witnesses(
    writer: &mut dyn Write,
    witnesses: &[Witness],
    output: &Output,
) -> io::Result<()> {
    for own in witnesses.iter().take(MAX_PLACES) {
        indented(writer, &format!("A request that is allowed, {}:", own.purpose), output)?;
        request::write(writer, &own.request, "      ", output)?;
    }
    match witnesses.len().saturating_sub(MAX_PLACES) {
        0 => Ok(()),
        more => writeln!(writer, "{:INDENT$}and {}", "", counted(more, "more request")),
    }
}

/// AWS's type, and what the configuration makes of it where that is something else.
fn kind(own: &Reported) -> String {
    let aws = own.finding.finding_type;
    match Severity::from(aws) == own.severity {
        true => aws.as_str().to_owned(),
        false => format!("{} (as {})", aws.as_str(), own.severity.as_str()),
    }
}

fn style_of(severity: Severity, palette: &Palette) -> anstyle::Style {
    match severity {
        Severity::Error | Severity::SecurityWarning => palette.alarm,
        Severity::Warning => palette.doubt,
        Severity::Suggestion => palette.title,
    }
}

/// The line, and under it marks under what is meant.
fn write_excerpt(
    writer: &mut dyn Write,
    excerpt: &Excerpt,
    style: anstyle::Style,
    palette: &Palette,
) -> io::Result<()> {
    let number = excerpt.number.map(|number| number.to_string()).unwrap_or_default();
    let (mut line, mut marks) = (String::new(), String::new());
    for part in &excerpt.parts {
        let (text, mark) = match part {
            Part::Plain(text) => (text, " "),
            Part::Marked(text) => (text, "^"),
        };
        let shown = visible(text);
        marks.push_str(&mark.repeat(shown.chars().count()));
        line.push_str(&shown);
    }
    let faint = palette.faint;
    writeln!(writer, "{:INDENT$}{faint}{number} |{faint:#} {line}", "")?;
    let more = match excerpt.more_lines {
        0 => String::new(),
        more => format!(" and {}", counted(more, "more line")),
    };
    let (digits, marks) = (number.len(), marks.trim_end());
    writeln!(
        writer,
        "{:INDENT$}{faint}{:digits$} |{faint:#} {style}{marks}{style:#}{faint}{more}{faint:#}",
        "", "",
    )
}

fn indented(writer: &mut dyn Write, text: &str, output: &Output) -> io::Result<()> {
    for line in wrap(&visible(text), output.width.saturating_sub(INDENT)) {
        writeln!(writer, "{:INDENT$}{line}", "")?;
    }
    Ok(())
}

fn write_not_analyzed(
    writer: &mut dyn Write,
    entry: &NotAnalyzed,
    output: &Output,
) -> io::Result<()> {
    let (style, doubt) = (output.palette.place, output.palette.doubt);
    let place = match entry.position {
        Some(at) => format!("{}:{}:{}", entry.file, at.line, at.column),
        None => entry.file.to_string(),
    };
    writeln!(writer, "{style}{}{style:#}  {doubt}not analyzed{doubt:#}", visible(&place))?;
    if let Some(resource) = &entry.resource {
        indented(writer, resource, output)?;
    }
    indented(writer, &entry.reason, output)?;
    writeln!(writer)
}

fn write_summary(writer: &mut dyn Write, report: &Report, output: &Output) -> io::Result<()> {
    let summary = Summary::new(report);
    let palette = output.palette;
    let style = match (summary.passed, summary.findings, summary.complete) {
        (false, ..) => palette.alarm,
        (true, 0, true) => palette.good,
        (true, ..) => palette.doubt,
    };
    let found = match summary.findings {
        0 => report.kind.nothing.to_owned(),
        findings => counted(findings, "finding"),
    };
    let policies = match summary.policies {
        1 => "1 policy".to_owned(),
        policies => format!("{policies} policies"),
    };
    write!(writer, "{style}{found}{style:#} in {policies}")?;
    let by_severity = Severity::ALL.iter().filter_map(|severity| {
        let count = summary.by_severity.get(severity.as_str()).copied()?;
        (count > 0).then(|| counted(count, &severity.as_str().replace('-', " ")))
    });
    let by_severity: Vec<String> = by_severity.collect();
    if !by_severity.is_empty() {
        write!(writer, ": {}", by_severity.join(", "))?;
    }
    writeln!(writer, ".")?;
    for (count, text) in [
        (summary.in_baseline, "in the baseline"),
        (summary.suppressed, "suppressed"),
        (summary.not_analyzed, "could not be analyzed"),
        (summary.other_files, "passed over: no policy"),
        (summary.aws_managed_left_out, "left out: managed by AWS"),
        (summary.not_applicable.unwrap_or(0), "passed over: the check is not about them"),
    ] {
        if count > 0 {
            writeln!(writer, "{count} {text}.")?;
        }
    }
    Ok(())
}
