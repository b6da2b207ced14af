//! Runs a stream of jobs, one JSON object a line, and writes one answer a line in the same order.
//!
//! `check`, `simulate` and `validate` share this loop: it reads lines, hands each to a closure on a
//! thread pool, and adds the job's `id` and the time it took. What a job is, the closure knows. A line
//! that is no job gets an answer with `error`; it never ends the run. Memory stays bounded by the
//! chunk that is being worked on; all whole lines that have arrived are answered before more are
//! awaited, so a caller may also send one line and wait for its answer.

mod lines;

use std::io::{Read, Write};
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use lines::{Chunk, LineReader};
use rayon::prelude::*;
use ringfence_policy::Diagnostic;
use ringfence_policy::json::{self, Kind};
use ringfence_policy::location::{ByteSpan, LineIndex};
use serde::Serialize;

/// Why a line is no job: what is wrong, and where in the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JobError {
    /// What is wrong and what is expected, for a person.
    pub(crate) message: String,
    /// The place in the line's text.
    pub(crate) span: ByteSpan,
}

impl JobError {
    /// `message`, about the text at `span`.
    pub(crate) fn new(span: ByteSpan, message: impl Into<String>) -> Self {
        Self { message: message.into(), span }
    }
}

impl From<Vec<Diagnostic>> for JobError {
    /// The first problem; its message says how many more there are.
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        let more = diagnostics.len().saturating_sub(1);
        let Some(first) = diagnostics.into_iter().next() else {
            return Self::new(ByteSpan::default(), "the job could not be read");
        };
        let message = match more {
            0 => first.message,
            1 => format!("{} (and one more problem)", first.message),
            _ => format!("{} (and {more} more problems)", first.message),
        };
        Self::new(first.span, message)
    }
}

/// What became of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BatchSummary {
    /// Lines that got an answer.
    pub(crate) answered: usize,
    /// Lines that got an error.
    pub(crate) bad: usize,
}

impl BatchSummary {
    /// 0 when every line got an answer, 1 when some line was bad.
    pub(crate) fn exit_code(self) -> ExitCode {
        ExitCode::from(u8::from(self.bad > 0))
    }
}

/// Answers every line of `reader` on `writer`.
///
/// `answer` gets the job and the text of its line, which the job's spans point into; what it returns
/// must serialize as a JSON object. Each answer line begins with the job's `id` (`null` where the job
/// has none) and ends with `micros`: whole microseconds that `answer` took. Blank lines are passed over.
/// `threads` is the number of threads, by default one a core.
///
/// # Errors
/// When reading or writing fails, or no thread can be started; what was answered before is written.
pub(crate) fn run_batch<A, F>(
    reader: impl Read,
    mut writer: impl Write,
    threads: Option<NonZeroUsize>,
    answer: F,
) -> anyhow::Result<BatchSummary>
where
    A: Serialize,
    F: Fn(&json::Value<'_>, &str) -> Result<A, JobError> + Sync,
{
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.map_or(0, NonZeroUsize::get))
        .build()
        .context("the threads for the batch cannot be started")?;
    let mut reader = LineReader::new(reader);
    let mut summary = BatchSummary::default();
    while let Some(chunk) = reader.next_chunk().context("the jobs cannot be read")? {
        let answers: Vec<(Verdict, Vec<u8>)> = match chunk {
            Chunk::Lines(lines) => {
                pool.install(|| lines.par_iter().map(|line| answer_line(line, &answer)).collect())
            }
            Chunk::TooLong { number } => {
                let message = format!("the line is longer than {} bytes", lines::MAX_LINE);
                vec![bad_line(None, message, number, 0)]
            }
        };
        for (verdict, line) in answers {
            match verdict {
                Verdict::Answered => summary.answered += 1,
                Verdict::Bad => summary.bad += 1,
            }
            writer.write_all(&line).context("the answers cannot be written")?;
        }
        writer.flush().context("the answers cannot be written")?;
    }
    Ok(summary)
}

/// Whether a line was a job.
#[derive(Clone, Copy)]
enum Verdict {
    Answered,
    Bad,
}

#[derive(Serialize)]
struct AnswerLine<A> {
    id: serde_json::Value,
    #[serde(flatten)]
    answer: A,
    micros: u64,
}

#[derive(Serialize)]
struct ErrorLine {
    id: serde_json::Value,
    error: ErrorBody,
}

#[derive(Serialize)]
struct ErrorBody {
    message: String,
    line: usize,
    column: usize,
}

fn answer_line<A, F>(line: &lines::Line<'_>, answer: &F) -> (Verdict, Vec<u8>)
where
    A: Serialize,
    F: Fn(&json::Value<'_>, &str) -> Result<A, JobError>,
{
    let text = match std::str::from_utf8(line.bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = line.bytes.get(..error.valid_up_to()).unwrap_or_default();
            let column = String::from_utf8_lossy(valid).chars().count();
            return bad_line(
                None,
                "the line is not UTF-8 from here on".into(),
                line.number,
                column,
            );
        }
    };
    let bad = |id, error: JobError| {
        let column = LineIndex::new(text).position(error.span.start).offset;
        bad_line(id, error.message, line.number, column)
    };
    let parsed = json::parse(text);
    let id = match job_id(&parsed.value) {
        Ok(id) => id,
        Err(error) => return bad(None, error),
    };
    if !parsed.diagnostics.is_empty() {
        return bad(id, parsed.diagnostics.into());
    }
    let start = Instant::now();
    let answer = match answer(&parsed.value, text) {
        Ok(answer) => answer,
        Err(error) => return bad(id, error),
    };
    let micros = u64::try_from((start.elapsed().as_nanos() + 500) / 1000).unwrap_or(u64::MAX);
    let mut out = Vec::with_capacity(256);
    match write_line(&mut out, &AnswerLine { id: id.clone().unwrap_or_default(), answer, micros }) {
        Ok(()) => (Verdict::Answered, out),
        Err(error) => bad_line(id, format!("the answer is no JSON: {error}"), line.number, 0),
    }
}

/// The job's `id`: text or a number, given back as it is.
fn job_id(job: &json::Value<'_>) -> Result<Option<serde_json::Value>, JobError> {
    let Some(id) = job.get("id") else { return Ok(None) };
    match &id.kind {
        Kind::String(text) => Ok(Some(text.as_ref().into())),
        Kind::Number(text) => Ok(serde_json::from_str(text).ok()),
        Kind::Null | Kind::Invalid => Ok(None),
        Kind::Boolean(_) | Kind::Array(_) | Kind::Object(_) => {
            let message = format!("`id` takes a string or a number, not {}", id.type_name());
            Err(JobError::new(id.span, message))
        }
    }
}

fn bad_line(
    id: Option<serde_json::Value>,
    message: String,
    line: usize,
    column: usize,
) -> (Verdict, Vec<u8>) {
    let error = ErrorBody { message, line, column };
    let mut out = Vec::with_capacity(256);
    // Text and numbers always serialize.
    let _ = write_line(&mut out, &ErrorLine { id: id.unwrap_or_default(), error });
    (Verdict::Bad, out)
}

fn write_line(out: &mut Vec<u8>, line: &impl Serialize) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.push(b'\n');
    Ok(())
}

#[cfg(test)]
mod tests;
