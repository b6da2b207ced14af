//! The answer of a check as people read it.

use std::io::{self, Write};

use ringfence_policy::Statement;
use ringfence_policy::location::{LineIndex, Span};

use super::answer::{CheckAnswer, CheckResult};
use crate::output::Output;
use crate::policy_file::PolicyFile;
use crate::request;
use crate::text::{visible, wrap};

/// Longer statements are cut.
const MAX_LINES: usize = 12;

/// Writes the verdict, the statements behind it with their place and text, and the request that gets
/// through.
pub(crate) fn write(
    writer: &mut impl Write,
    answer: &CheckAnswer,
    policy: &PolicyFile,
    output: &Output,
) -> io::Result<()> {
    let style = match answer.result {
        CheckResult::Pass => output.palette.good,
        CheckResult::Fail => output.palette.alarm,
        CheckResult::Unknown => output.palette.doubt,
    };
    let verdict = answer.result.as_str();
    let indent = verdict.len() + 2;
    for (number, line) in wrap(answer.message, output.width - indent).iter().enumerate() {
        match number {
            0 => writeln!(writer, "{style}{verdict}{style:#}  {line}")?,
            _ => writeln!(writer, "{:indent$}{line}", "")?,
        }
    }
    for reason in &answer.reasons {
        let statement = reason.statement_index.and_then(|at| policy.document.statements.get(at));
        match statement {
            Some(own) => write_statement(writer, own, policy, output)?,
            None => writeln!(writer, "\n{}", visible(&reason.description))?,
        }
    }
    let Some(witness) = &answer.witness else { return Ok(()) };
    let title = output.palette.title;
    writeln!(writer, "\n{title}A request that gets through{title:#}")?;
    request::write(writer, witness, "  ", output)
}

fn write_statement(
    writer: &mut impl Write,
    statement: &Statement,
    policy: &PolicyFile,
    output: &Output,
) -> io::Result<()> {
    let palette = output.palette;
    let place = policy.source.position(statement.span.start);
    let sid = statement.sid().map(|sid| format!(" ({})", visible(sid))).unwrap_or_default();
    writeln!(
        writer,
        "\n{style}{}:{}:{}{style:#}  statement {}{sid}",
        visible(policy.source.file()),
        place.line,
        place.column,
        statement.index,
        style = palette.place,
    )?;
    // The text is that of the document: in a file it may be a string inside of JSON.
    let Ok(text) = policy.source.decoded() else { return Ok(()) };
    let span = LineIndex::new(&text).span(statement.span);
    write_lines(writer, &text, span, Shown { margin: 2, first: span.start.line }, output)
}

/// How lines of a text are shown.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    /// How many spaces stand in front.
    pub(crate) margin: usize,
    /// The number of the first line.
    pub(crate) first: usize,
}

/// Writes the lines of a text that a place covers; what is long is cut.
pub(crate) fn write_lines(
    writer: &mut (impl Write + ?Sized),
    text: &str,
    own: Span,
    shown: Shown,
    output: &Output,
) -> io::Result<()> {
    let count = own.end.line.saturating_sub(own.start.line) + 1;
    let before = own.start.line.saturating_sub(1);
    let lines: Vec<&str> = text.lines().skip(before).take(count.min(MAX_LINES)).collect();
    let is_blank = |line: &&&str| !line.trim().is_empty();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let common = lines.iter().filter(is_blank).map(indent).min().unwrap_or(0);
    let digits = (shown.first + count).to_string().len();
    let (margin, faint) = (shown.margin, output.palette.faint);
    for (offset, line) in lines.iter().enumerate() {
        let text = visible(line.get(common..).unwrap_or_default().trim_end()).into_owned();
        let room = output.width.saturating_sub(digits + margin + 3).max(20);
        let fits = text.chars().count() <= room;
        let kept: String = text.chars().take(if fits { room } else { room - 1 }).collect();
        let cut = if fits { "" } else { "…" };
        let gap = if kept.is_empty() { "" } else { " " };
        let number = shown.first + offset;
        writeln!(writer, "{:margin$}{faint}{number:digits$} |{faint:#}{gap}{kept}{cut}", "")?;
    }
    match count.saturating_sub(MAX_LINES) {
        0 => Ok(()),
        more => {
            writeln!(writer, "{:margin$}{:digits$} {faint}| … {more} more{faint:#}", "", "")
        }
    }
}
