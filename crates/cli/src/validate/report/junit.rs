//! The result as JUnit XML: a suite for each policy, a case for each finding. What fails the run is a failure,
//! what is known or answered for is skipped.

use std::io::{self, Write};

use super::Report;
use super::escape::html as xml;
use crate::validate::checked::{CheckedPolicy, Reported, State};
use crate::validate::issue::learn_more_link;

/// A case that is in order.
const PASSED: &str = "no findings";

/// Writes the report.
pub(super) fn write(writer: &mut dyn Write, report: &Report) -> io::Result<()> {
    let suites: Vec<Suite> = report
        .policies
        .iter()
        .map(|policy| policy_suite(report, policy))
        .chain(other_suites(report))
        .collect();
    let sum = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>();
    writeln!(writer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        writer,
        "<testsuites name=\"ringfence {}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">",
        report.kind.command,
        sum(|suite| suite.cases.len()),
        sum(|suite| suite.count(Outcome::is_failure)),
        sum(|suite| suite.count(Outcome::is_error)),
        sum(|suite| suite.count(Outcome::is_skipped)),
    )?;
    suites.iter().try_for_each(|suite| suite.write(writer))?;
    writeln!(writer, "</testsuites>")
}

struct Suite {
    name: String,
    file: String,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    line: usize,
    outcome: Outcome,
}

/// What became of a case.
enum Outcome {
    Passed,
    /// A finding that does not fail the run.
    Told(String),
    Failure {
        kind: String,
        message: String,
        text: String,
    },
    Error(String),
    Skipped(String),
}

impl Outcome {
    fn is_failure(&self) -> bool {
        matches!(self, Self::Failure { .. })
    }

    fn is_error(&self) -> bool {
        matches!(self, Self::Error(_))
    }

    fn is_skipped(&self) -> bool {
        matches!(self, Self::Skipped(_))
    }
}

fn policy_suite(report: &Report, policy: &CheckedPolicy) -> Suite {
    let file = policy.subject.source.file().to_string();
    let owner = policy.subject.owner.as_ref();
    let name =
        owner.map_or(file.clone(), |own| format!("{file}: {}, {}", own.resource, own.policy));
    let mut cases: Vec<Case> =
        policy.findings.iter().map(|own| finding_case(report, &file, own)).collect();
    if cases.is_empty() {
        cases.push(Case { name: PASSED.to_owned(), line: 1, outcome: Outcome::Passed });
    }
    Suite { name, file, cases }
}

fn finding_case(report: &Report, file: &str, own: &Reported) -> Case {
    let start = own.place().start;
    let at = format!("{}:{}", start.line, start.column);
    let text = format!("{file}:{at}: {}\n{}", own.finding.details, learn_more_link(&own.finding));
    let outcome = match &own.state {
        State::Suppressed(by) => Outcome::Skipped(format!(
            "suppressed by {} until {}: {}",
            by.owner, by.expires, by.reason
        )),
        State::Baseline => Outcome::Skipped("in the baseline".to_owned()),
        State::New if report.fails(own) => Outcome::Failure {
            kind: own.finding.finding_type.as_str().to_owned(),
            message: own.finding.details.clone(),
            text,
        },
        State::New => Outcome::Told(text),
    };
    Case { name: format!("{} at {at}", own.finding.issue_code), line: start.line, outcome }
}

/// What could not be looked at, and what is wrong with the gate.
fn other_suites(report: &Report) -> Vec<Suite> {
    let entries = report.unreadable.iter().chain(&report.not_analyzed);
    let not_analyzed = entries.map(|entry| Suite {
        name: entry.file.to_string(),
        file: entry.file.to_string(),
        cases: vec![Case {
            name: "not analyzed".to_owned(),
            line: entry.line().unwrap_or(1),
            outcome: Outcome::Error(entry.reason.clone()),
        }],
    });
    let problems = report.judgement.problems.iter().map(|problem| Suite {
        name: problem.file.clone(),
        file: problem.file.clone(),
        cases: vec![Case {
            name: "configuration".to_owned(),
            line: problem.line,
            outcome: Outcome::Failure {
                kind: "GATE".to_owned(),
                message: problem.message.clone(),
                text: format!("{}:{}:{}", problem.file, problem.line, problem.column),
            },
        }],
    });
    not_analyzed.chain(problems).collect()
}

impl Suite {
    fn count(&self, is: fn(&Outcome) -> bool) -> usize {
        self.cases.iter().filter(|case| is(&case.outcome)).count()
    }

    fn write(&self, writer: &mut dyn Write) -> io::Result<()> {
        let name = xml(&self.name);
        writeln!(
            writer,
            "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">",
            self.cases.len(),
            self.count(Outcome::is_failure),
            self.count(Outcome::is_error),
            self.count(Outcome::is_skipped),
        )?;
        let file = xml(&self.file);
        for Case { name: case, line, outcome } in &self.cases {
            write!(
                writer,
                "    <testcase name=\"{}\" classname=\"{name}\" file=\"{file}\" line=\"{line}\"",
                xml(case)
            )?;
            match outcome {
                Outcome::Passed => writeln!(writer, "/>")?,
                Outcome::Told(text) => {
                    writeln!(writer, "><system-out>{}</system-out></testcase>", xml_lines(text))?;
                }
                Outcome::Failure { kind, message, text } => writeln!(
                    writer,
                    "><failure type=\"{}\" message=\"{}\">{}</failure></testcase>",
                    xml(kind),
                    xml(message),
                    xml_lines(text)
                )?,
                Outcome::Error(text) => writeln!(
                    writer,
                    "><error type=\"not analyzed\" message=\"{0}\">{0}</error></testcase>",
                    xml(text)
                )?,
                Outcome::Skipped(text) => {
                    writeln!(writer, "><skipped message=\"{}\"/></testcase>", xml(text))?;
                }
            }
        }
        writeln!(writer, "  </testsuite>")
    }
}

/// Several lines, each made harmless.
fn xml_lines(text: &str) -> String {
    text.split('\n').map(xml).collect::<Vec<_>>().join("\n")
}
