//! The engine against cvc5, which reads the same questions as SMT-LIB written from the policies alone.
//!
//! `RINGFENCE_DIFFERENTIAL_PAIRS` and `RINGFENCE_DIFFERENTIAL_SECONDS` make a longer run,
//! `RINGFENCE_DIFFERENTIAL_SEED` begins elsewhere, `RINGFENCE_DIFFERENTIAL_LIMIT_MILLIS` gives the solver more time.

mod generate;
mod solver;

use std::path::Path;
use std::time::{Duration, Instant};

use ringfence_policy::{PolicyDocument, parse_policy};
use ringfence_reasoning::smtlib::export;
use ringfence_reasoning::{Access, Answer, Question, RequestBox, ZoneOfTrust};
use solver::{Solver, Verdict};

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn read(policy: &serde_json::Value) -> PolicyDocument {
    parse_policy(&policy.to_string()).sound().expect("generated policies are sound")
}

#[derive(Debug, Default)]
struct Counts {
    holds: u64,
    fails: u64,
    unknown_to_engine: u64,
    unknown_to_solver: u64,
    not_exported: u64,
    disagreements: u64,
    solver_millis: u64,
}

impl Counts {
    fn compare(
        &mut self,
        solver: &mut Solver,
        question: &Question<'_>,
        seed: u64,
        pair: &generate::Pair,
    ) {
        let Ok(text) = export(question) else {
            self.not_exported += 1;
            return;
        };
        let answer = question.ask();
        let solved = solver.solve(&text).expect("the solver reads every export");
        self.solver_millis += (solved.parse_micros + solved.solve_micros) / 1000;
        match (&answer, solved.verdict) {
            (Answer::Holds, Verdict::Unsat) => self.holds += 1,
            (Answer::Fails(_), Verdict::Sat) => self.fails += 1,
            (Answer::Unknown(limit), _) => {
                self.unknown_to_engine += 1;
                println!(
                    "seed {seed}: the engine does not know: {limit}\n{}\n{}",
                    pair.existing, pair.new
                );
            }
            (_, Verdict::Unknown) => {
                self.unknown_to_solver += 1;
                println!("seed {seed}: cvc5 does not know");
            }
            (Answer::Holds | Answer::Fails(_), verdict) => {
                self.disagreements += 1;
                println!(
                    "seed {seed}: cvc5 says {verdict:?}\nexisting {}\nnew {}",
                    pair.existing, pair.new
                );
                match answer {
                    Answer::Fails(own) => println!("engine: {}", own.witness.to_scenario_json()),
                    Answer::Holds | Answer::Unknown(_) => println!("engine: {answer:?}"),
                }
            }
        }
    }
}

fn start() -> Solver {
    let python = std::env::var_os("RINGFENCE_PYTHON")
        .expect("RINGFENCE_PYTHON names an interpreter with cvc5");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/solver/solvers.py");
    let limit = Duration::from_millis(number("RINGFENCE_DIFFERENTIAL_LIMIT_MILLIS", 2000));
    Solver::start(Path::new(&python), &script, "cvc5", limit).expect("the solver starts")
}

fn run(
    name: &str,
    pairs: u64,
    mut each: impl FnMut(&mut Counts, &mut Solver, u64, &generate::Pair),
) {
    let pairs = number("RINGFENCE_DIFFERENTIAL_PAIRS", pairs);
    let limit = Duration::from_secs(number("RINGFENCE_DIFFERENTIAL_SECONDS", 600));
    let first = number("RINGFENCE_DIFFERENTIAL_SEED", 0);
    let (start_time, mut solver, mut counts) = (Instant::now(), start(), Counts::default());
    let mut done = 0;
    for seed in first..first + pairs {
        if start_time.elapsed() > limit {
            break;
        }
        each(&mut counts, &mut solver, seed, &generate::pair(seed));
        done += 1;
    }
    println!("{name}: {done} pairs in {:.0?}: {counts:?}", start_time.elapsed());
    assert_eq!(counts.disagreements, 0, "the pairs are printed above");
    // Both verdicts have to be common, or the agreement says little.
    let told = counts.holds.min(counts.fails);
    assert!(told * 8 >= done, "one verdict is too rare");
    assert!(
        (counts.unknown_to_solver + counts.not_exported) * 10 <= done,
        "too few pairs were compared"
    );
}

#[test]
#[ignore = "needs the Python environment"]
fn no_new_access_agrees_with_cvc5() {
    run("no new access", 2000, |counts, solver, seed, pair| {
        let (existing, new) = (read(&pair.existing), read(&pair.new));
        counts.compare(
            solver,
            &Question::NoNewAccess { existing: &existing, new: &new },
            seed,
            pair,
        );
    });
}

#[test]
#[ignore = "needs the Python environment"]
fn the_other_questions_agree_with_cvc5() {
    let zone = ZoneOfTrust {
        accounts: std::sync::Arc::new(["111122223333".to_owned()].into()),
        organization: Some("o-a1".to_owned()),
        canonical_users: Default::default(),
    };
    let access = |actions: &[&str], resources: &[&str]| Access {
        actions: actions.iter().map(|text| (*text).to_owned()).collect(),
        resources: resources.iter().map(|text| (*text).to_owned()).collect(),
    };
    let accesses = [
        access(&["s3:GetObject", "kms:*"], &["arn:aws:s3:::b/a*"]),
        access(&["sqs:SendMessage"], &[]),
        access(&[], &["arn:aws:s3:::*"]),
    ];
    run("other questions", 1000, |counts, solver, seed, pair| {
        let (existing, new) = (read(&pair.existing), read(&pair.new));
        let layers = [vec![&existing], vec![&new]];
        let within = RequestBox {
            matching: existing.statements.iter().take(1).collect(),
            outside: (seed % 8 < 4).then_some(&zone),
            untrusted: seed % 16 < 8,
        };
        let count = usize::try_from(seed / 4 % 3).unwrap_or(0) + 1;
        let question = match seed % 4 {
            0 => Question::AccessNotGranted {
                policy: &new,
                accesses: accesses.get(..count).unwrap_or(&[]),
            },
            1 => Question::NoPublicAccess { policy: &new },
            2 => Question::NoAccessFromOutside { policy: &new, zone: &zone },
            _ => Question::AnythingAllowed { layers: &layers, within: &within },
        };
        counts.compare(solver, &question, seed, pair);
    });
}
