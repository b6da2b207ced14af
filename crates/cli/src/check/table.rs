//! The answer of a check as people read it.

use std::io::{self, Write};

use ringfence_policy::Statement;
use ringfence_policy::location::LineIndex;

use super::answer::{CheckAnswer, CheckResult};
use crate::output::Output;
use crate::policy_file::PolicyFile;
use crate::request;
use crate::text::{visible, wrap};

/// Longer statements are cut.
const MAX_LINES: usize = 12;

/// Writes the verdict, the statements behind it with their place and text, and the request that gets
/// through.
pub(super) fn write(
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
    let own = LineIndex::new(&text).span(statement.span);
    let first = own.start.line;
    let count = own.end.line - first + 1;
    let lines: Vec<&str> = text.lines().skip(first - 1).take(count.min(MAX_LINES)).collect();
    let is_blank = |line: &&&str| !line.trim().is_empty();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let common = lines.iter().filter(is_blank).map(indent).min().unwrap_or(0);
    let digits = (first + count).to_string().len();
    for (offset, line) in lines.iter().enumerate() {
        let shown = visible(line.get(common..).unwrap_or_default().trim_end()).into_owned();
        write_line(writer, first + offset, digits, &shown, output)?;
    }
    if count > MAX_LINES {
        let more = count - MAX_LINES;
        writeln!(
            writer,
            "  {:digits$} {faint}| … {more} more{faint:#}",
            "",
            faint = palette.faint
        )?;
    }
    Ok(())
}

/// One line of the source; what does not fit is cut.
fn write_line(
    writer: &mut impl Write,
    number: usize,
    digits: usize,
    line: &str,
    output: &Output,
) -> io::Result<()> {
    let faint = output.palette.faint;
    let room = output.width.saturating_sub(digits + 5).max(20);
    let fits = line.chars().count() <= room;
    let shown: String = line.chars().take(if fits { room } else { room - 1 }).collect();
    let cut = if fits { "" } else { "…" };
    let gap = if shown.is_empty() { "" } else { " " };
    writeln!(writer, "  {faint}{number:digits$} |{faint:#}{gap}{shown}{cut}")
}
