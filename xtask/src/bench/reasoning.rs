//! The engine, cvc5 and Z3 on the same yes/no questions, one after the other in one run.
//!
//! The engine's time is from the model of the policies to the answer, its own encoding included. A
//! solver's time is given twice: to decide alone, and with the reading of the SMT-LIB text. Reading JSON
//! and writing SMT-LIB are in none of them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ringfence_policy::{PolicyDocument, parse_policy};
use ringfence_reasoning::smtlib::export;
use ringfence_reasoning::{Answer, Question};

use super::sample::{Sample, head};
use super::solver::{Solver, Verdict};
use super::{generate, infix};
use crate::conformance::no_new_access::{Pair, files};
use crate::{python, workspace};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A folder with `no-new-access`; generated policies are taken where it is not there
    #[arg(long)]
    corpus: Option<PathBuf>,
    /// The solvers to compare with
    #[arg(long, value_delimiter = ',', default_values_t = ["cvc5".to_owned(), "z3".to_owned()])]
    solvers: Vec<String>,
    /// Seconds that a solver has for a question
    #[arg(long, default_value_t = 5)]
    limit: u64,
    /// How many pairs are taken or generated
    #[arg(long, default_value_t = 500)]
    pairs: usize,
}

type Policies = (PolicyDocument, PolicyDocument);

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let limit = Duration::from_secs(arguments.limit);
    let (name, pairs) = pairs(arguments)?;
    println!("{} pairs, {name}; {} s a question\n{}", pairs.len(), arguments.limit, head());
    let (base, verdicts) = engine(&pairs);
    println!("{}", base.line("engine", &base));
    let mut solvers = Vec::new();
    for solver in &arguments.solvers {
        solvers.push(start(solver, limit)?);
    }
    let mut disagreements = 0;
    for (name, solver) in arguments.solvers.iter().zip(&mut solvers) {
        let (alone, reading, wrong) = solve(solver, &pairs, &verdicts)?;
        println!("{}", alone.line(&format!("{name}, deciding alone"), &base));
        println!("{}", reading.line(&format!("{name}, reading included"), &base));
        disagreements += wrong;
    }
    println!("disagreements: {disagreements}");
    infix::run(solvers.first_mut())?;
    Ok(if disagreements == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn start(name: &str, limit: Duration) -> Result<Solver> {
    let python = python::programs()?.join("python");
    let script = workspace::root().join("crates/reasoning/tests/solver/solvers.py");
    Solver::start(&python, &script, name, limit).with_context(|| format!("cannot start {name}"))
}

/// Where the pairs are from, and the pairs.
fn pairs(arguments: &Arguments) -> Result<(String, Vec<Policies>)> {
    let folder = arguments.corpus.as_ref().map(|corpus| corpus.join("no-new-access"));
    if let Some(folder) = folder.filter(|folder| folder.is_dir()) {
        let mut pairs = of_corpus(&folder)?;
        pairs.truncate(arguments.pairs);
        return Ok((folder.display().to_string(), pairs));
    }
    let read = |policy: &serde_json::Value| parse_policy(&policy.to_string()).document;
    let seeds = 0..u64::try_from(arguments.pairs)?;
    let generated = seeds.map(generate::pair).map(|pair| (read(&pair.existing), read(&pair.new)));
    Ok(("generated".to_owned(), generated.collect()))
}

fn of_corpus(folder: &Path) -> Result<Vec<Policies>> {
    let mut pairs = Vec::new();
    for file in files(folder)? {
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            pairs.push(Pair::read(line)?.policies()?);
        }
    }
    Ok(pairs)
}

/// Asks every question twice and takes the second time: the first warms the machine, and nothing of an
/// answer is kept between questions.
fn engine(pairs: &[Policies]) -> (Sample, Vec<Answer>) {
    let mut sample = Sample::default();
    let mut answers = Vec::new();
    for (existing, new) in pairs {
        let question = Question::NoNewAccess { existing, new };
        let _ = question.ask();
        let start = Instant::now();
        let answer = question.ask();
        sample.add(start.elapsed());
        if matches!(answer, Answer::Unknown(_)) {
            sample.add_unknown();
        }
        answers.push(answer);
    }
    (sample, answers)
}

/// The solver's times without and with reading, and how often it contradicts the engine.
fn solve(
    solver: &mut Solver,
    pairs: &[Policies],
    answers: &[Answer],
) -> Result<(Sample, Sample, usize)> {
    let (mut alone, mut reading, mut wrong) = (Sample::default(), Sample::default(), 0);
    for ((existing, new), answer) in pairs.iter().zip(answers) {
        let Ok(text) = export(&Question::NoNewAccess { existing, new }) else {
            alone.add_unknown();
            reading.add_unknown();
            continue;
        };
        let solved = solver.solve(&text)?;
        alone.add(Duration::from_micros(solved.solve_micros));
        reading.add(Duration::from_micros(solved.solve_micros + solved.parse_micros));
        match (solved.verdict, answer) {
            (Verdict::Unknown, _) => {
                alone.add_unknown();
                reading.add_unknown();
            }
            (Verdict::Sat, Answer::Holds) | (Verdict::Unsat, Answer::Fails(_)) => wrong += 1,
            (Verdict::Sat | Verdict::Unsat, _) => {}
        }
    }
    Ok((alone, reading, wrong))
}
