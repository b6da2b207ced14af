//! `ringfence simulate`: one concrete request through the evaluator, or a file of them.

use std::io::{self, Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use ringfence_policy::evaluate::{self, Outcome, Reason};
use ringfence_policy::json::{self, Value};
use ringfence_policy::location::{ByteSpan, LineIndex};
use ringfence_policy::{Diagnostic, DiagnosticKind, scenario_from_json};
use serde::Serialize;

use crate::batch::{JobError, run_batch};
use crate::exit::Errors;
use crate::output::{Format, Output, write_json};
use crate::policy_file;
use crate::text::visible;

/// Decides a concrete request under the policies that apply to it
#[derive(Debug, clap::Args)]
pub(crate) struct SimulateArgs {
    /// The scenario: a JSON file, `-` for standard input
    #[arg(required_unless_present = "batch", conflicts_with_all = ["batch", "jobs"])]
    scenario: Option<PathBuf>,
    /// A job a line, `{"id": …, "scenario": {…}}`, answered in the same order; `-` for standard input
    #[arg(long, value_name = "FILE.jsonl")]
    batch: Option<PathBuf>,
    /// Threads of a batch [default: one a core]
    #[arg(long, value_name = "N", requires = "batch")]
    jobs: Option<NonZeroUsize>,
}

/// Exits with 0 whatever the decision; a batch with 1 when some line was bad.
pub(crate) fn run(args: SimulateArgs, output: &Output) -> anyhow::Result<ExitCode> {
    let SimulateArgs { scenario, batch, jobs } = args;
    match (scenario, batch) {
        (_, Some(batch)) => {
            let answer = |job: &Value<'_>, _: &str| answer_job(job);
            let (reader, writer) = (policy_file::open(&batch)?, output.open()?);
            Ok(run_batch(reader, writer, jobs, answer)?.exit_code())
        }
        (Some(scenario), None) => {
            let outcome = decide_file(&scenario)?;
            write_outcome(output.open_for_verdict()?, &outcome, output.format)
                .map_err(|error| output.failed(error))?;
            Ok(ExitCode::SUCCESS)
        }
        (None, None) => bail!("name a scenario, or a file of them with --batch"),
    }
}

fn answer_job(job: &Value<'_>) -> Result<Answer, JobError> {
    let Some(scenario) = job.get("scenario") else {
        return Err(JobError::new(job.span, "the job has no `scenario`"));
    };
    let scenario = scenario_from_json(scenario)?;
    Ok(Answer::from(&evaluate::decide(&scenario.request, &scenario.policies)))
}

/// Longer scenarios are not read.
const MAX_SCENARIO_BYTES: usize = 64 << 20;

fn decide_file(path: &Path) -> anyhow::Result<Outcome> {
    let mut bytes = Vec::new();
    policy_file::open(path)?
        .take(MAX_SCENARIO_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("`{}` cannot be read", path.display()))?;
    if bytes.len() > MAX_SCENARIO_BYTES {
        bail!(
            "`{}` has more than {MAX_SCENARIO_BYTES} bytes, which no scenario has",
            path.display()
        );
    }
    let text = match str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid =
                String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
            let start = u32::try_from(error.valid_up_to()).unwrap_or(u32::MAX);
            let span = ByteSpan { start, end: start };
            let message = "the file is not UTF-8 from here on";
            let diagnostic = Diagnostic::new(DiagnosticKind::Syntax, span, message);
            bail!(problems(path, &valid, &[diagnostic]));
        }
    };
    let parsed = json::parse(text);
    let scenario = match parsed.diagnostics.is_empty() {
        true => scenario_from_json(&parsed.value),
        false => Err(parsed.diagnostics),
    };
    match scenario {
        Ok(scenario) => Ok(evaluate::decide(&scenario.request, &scenario.policies)),
        Err(diagnostics) => bail!(problems(path, text, &diagnostics)),
    }
}

/// A line for each problem: file, line, column (from 0), what is wrong.
fn problems(path: &Path, text: &str, diagnostics: &[Diagnostic]) -> Errors {
    let lines = LineIndex::new(text);
    let file = path.to_string_lossy();
    let problem = |diagnostic: &Diagnostic| {
        let start = lines.position(diagnostic.span.start);
        let message = visible(&diagnostic.message);
        format!("{}:{}:{}: {message}", visible(&file), start.line, start.column)
    };
    Errors(diagnostics.iter().map(problem).collect())
}

fn write_outcome(mut writer: impl Write, outcome: &Outcome, format: Format) -> io::Result<()> {
    match format {
        Format::Table => writer.write_all(table(outcome).as_bytes())?,
        Format::Json | Format::Jsonl => write_json(&mut writer, format, &Answer::from(outcome))?,
    }
    writer.flush()
}

/// The decision, and one reason a line: `identityPolicies policy 0 statement 2 (Read): …`.
fn table(outcome: &Outcome) -> String {
    let mut text = format!("{}\n", outcome.decision.as_str());
    for Reason { layer, level, statement, description } in &outcome.reasons {
        let level = level.map(|level| format!(" level {level}")).unwrap_or_default();
        let place = statement.as_ref().map_or(String::new(), |statement| {
            let sid = statement
                .sid
                .as_ref()
                .map(|sid| format!(" ({})", visible(sid)))
                .unwrap_or_default();
            format!(
                " policy {} statement {}{sid}",
                statement.policy_index, statement.statement_index
            )
        });
        text.push_str(&format!("  {}{level}{place}: {description}\n", layer.as_str()));
    }
    text
}

/// The decision as `docs/schemas/decision.schema.json` has it.
#[derive(Debug, Serialize)]
struct Answer {
    decision: &'static str,
    reasons: Vec<AnswerReason>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AnswerReason {
    layer: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement_id: Option<String>,
    description: &'static str,
}

impl From<&Outcome> for Answer {
    fn from(outcome: &Outcome) -> Self {
        let reason = |reason: &Reason| AnswerReason {
            layer: reason.layer.as_str(),
            level: reason.level,
            policy_index: reason.statement.as_ref().map(|statement| statement.policy_index),
            statement_index: reason.statement.as_ref().map(|statement| statement.statement_index),
            statement_id: reason.statement.as_ref().and_then(|statement| statement.sid.clone()),
            description: reason.description,
        };
        let reasons = outcome.reasons.iter().map(reason).collect();
        Self { decision: outcome.decision.as_str(), reasons }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn examples() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas/examples")
    }

    fn written(outcome: &Outcome, format: Format) -> String {
        let mut out = Vec::new();
        write_outcome(&mut out, outcome, format).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn decides_the_documented_scenario_as_documented() {
        let outcome = decide_file(&examples().join("scenario.json")).unwrap();
        let documented = fs::read_to_string(examples().join("decision.json")).unwrap();
        let documented: serde_json::Value = serde_json::from_str(&documented).unwrap();
        for format in [Format::Json, Format::Jsonl] {
            let json: serde_json::Value = serde_json::from_str(&written(&outcome, format)).unwrap();
            assert_eq!(json, documented);
        }
        assert_eq!(
            written(&outcome, Format::Table),
            "ExplicitlyDenied\n  serviceControlPolicies level 1 policy 0 statement 1 (KeepInRegion): \
             the statement denies the request\n"
        );
    }

    #[test]
    fn a_batch_answers_jobs_and_names_what_is_wrong_with_a_line() {
        let scenario = fs::read_to_string(examples().join("scenario.json")).unwrap();
        let scenario: serde_json::Value = serde_json::from_str(&scenario).unwrap();
        let good = serde_json::json!({ "id": "a", "scenario": scenario });
        let input = format!(
            "{good}\n{{\"id\":\"b\"}}\n{{\"id\":\"c\",\"scenario\":{{\"action\":\"s3\"}}}}\n"
        );
        let mut out = Vec::new();
        let answer = |job: &Value<'_>, _: &str| answer_job(job);
        let summary = run_batch(input.as_bytes(), &mut out, None, answer).unwrap();
        assert_eq!((summary.answered, summary.bad), (1, 2));
        let lines: Vec<serde_json::Value> = out
            .split(|byte| *byte == b'\n')
            .filter_map(|line| serde_json::from_slice(line).ok())
            .collect();
        assert_eq!(
            (&lines[0]["id"], &lines[0]["decision"]),
            (&"a".into(), &"ExplicitlyDenied".into())
        );
        assert_eq!(lines[1]["error"]["message"], "the job has no `scenario`");
        assert_eq!(lines[2]["error"]["line"], 3);
    }

    #[test]
    fn lists_every_problem_of_a_scenario() {
        let text = "{\n \"principal\": \"nobody\",\n \"resource\": {\"arn\": \"x\"}\n}";
        let parsed = json::parse(text);
        let diagnostics = scenario_from_json(&parsed.value).unwrap_err();
        let problems = problems(Path::new("s.json"), text, &diagnostics).to_string();
        let places: Vec<&str> =
            problems.lines().filter_map(|line| line.split(": ").next()).collect();
        assert_eq!(places, ["s.json:2:14", "s.json:3:21", "s.json:1:0"]);
    }
}
