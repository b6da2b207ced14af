//! A solver in a process of its own that answers question after question.
//!
//! The interpreter is the one that `RINGFENCE_PYTHON` names; the tasks of this workspace set it.

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

/// What a solver says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Sat,
    Unsat,
    Unknown,
}

/// An answer with its times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Solved {
    pub(crate) verdict: Verdict,
    /// Microseconds to read the text.
    pub(crate) parse_micros: u64,
    /// Microseconds to decide.
    pub(crate) solve_micros: u64,
}

/// A running solver.
pub(crate) struct Solver {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Solver {
    /// Starts `cvc5` or `z3` with the script that lies at `script`; a question may take that long.
    pub(crate) fn start(
        python: &Path,
        script: &Path,
        name: &str,
        limit: Duration,
    ) -> io::Result<Self> {
        let mut process = Command::new(python)
            .arg(script)
            .arg(name)
            .arg(limit.as_millis().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let questions = process.stdin.take();
        let answers = process.stdout.take().ok_or_else(|| io::Error::other("no output"))?;
        Ok(Self { process, questions, answers: BufReader::new(answers) })
    }

    /// The solver's answer to one question.
    pub(crate) fn solve(&mut self, text: &str) -> io::Result<Solved> {
        let questions = self.questions.as_mut().ok_or_else(|| io::Error::other("no input"))?;
        writeln!(questions, "{}", Value::from(text))?;
        questions.flush()?;
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err(io::Error::other("the solver's process ended"));
        }
        let answer: Value = serde_json::from_str(&line)?;
        let verdict = match answer.get("result").and_then(Value::as_str) {
            Some("sat") => Verdict::Sat,
            Some("unsat") => Verdict::Unsat,
            Some("unknown") => Verdict::Unknown,
            _ => return Err(io::Error::other(format!("{} for\n{text}", line.trim()))),
        };
        let micros = |name: &str| answer.get(name).and_then(Value::as_u64).unwrap_or(0);
        Ok(Solved { verdict, parse_micros: micros("parse"), solve_micros: micros("solve") })
    }
}

impl Drop for Solver {
    fn drop(&mut self) {
        // It ends when its input does.
        self.questions = None;
        let _ = self.process.wait();
    }
}
