//! Fourteen unrelated infix globs (`*word*`) on one key: they cut the key's values into 2^14 classes, so
//! whoever lists the classes is lost.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use ringfence_policy::parse_policy;
use ringfence_reasoning::smtlib::export;
use ringfence_reasoning::{Answer, Question};
use serde_json::{Value, json};

use super::sample::shown;
use super::solver::{Solver, Verdict};

const WORDS: [&str; 14] = [
    "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett",
    "kilo", "lima", "mike", "november",
];

/// What a question may take.
const AIM: Duration = Duration::from_millis(50);

struct Case {
    name: &'static str,
    existing: Value,
    new: Value,
    holds: bool,
}

/// A statement with the key like, and not like, the globs of these words.
fn statement(effect: &str, like: &[&str], unlike: &[&str]) -> Value {
    let globs = |words: &[&str]| words.iter().map(|word| format!("*{word}*")).collect::<Vec<_>>();
    let mut condition = json!({"Null": {"s3:prefix": "false"}});
    for (operator, words) in [("StringLike", like), ("StringNotLike", unlike)] {
        if let (false, Value::Object(all)) = (words.is_empty(), &mut condition) {
            all.insert(operator.to_owned(), json!({"s3:prefix": globs(words)}));
        }
    }
    json!({"Effect": effect, "Action": "s3:ListBucket", "Resource": "*", "Condition": condition})
}

#[expect(clippy::needless_pass_by_value, reason = "it becomes part of the document")]
fn policy(statements: Vec<Value>) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// Only values with every word.
fn with_every_word() -> Value {
    let mut statements = vec![statement("Allow", &[], &[])];
    statements.extend(WORDS.iter().map(|word| statement("Deny", &[], &[word])));
    policy(statements)
}

/// Values with a word and without the next, round the circle.
fn borders() -> Vec<Value> {
    let next = WORDS.iter().cycle().skip(1);
    WORDS.iter().zip(next).map(|(word, next)| statement("Allow", &[word], &[next])).collect()
}

fn cases() -> Vec<Case> {
    let each: Vec<Value> = WORDS.iter().map(|word| statement("Allow", &[word], &[])).collect();
    let pairs: Vec<String> = WORDS.windows(2).map(|two| two.join("*")).collect();
    let pairs: Vec<&str> = pairs.iter().map(String::as_str).collect();
    // Every value but those with all words: between a word that is there and one that is not lies a border.
    let mut some_borders = borders();
    some_borders.push(statement("Allow", &[], &WORDS));
    let every = with_every_word();
    vec![
        Case {
            name: "two words in order, of each",
            existing: policy(each.clone()),
            new: policy(vec![statement("Allow", &pairs, &[])]),
            holds: true,
        },
        Case {
            name: "any value, of each word",
            existing: policy(each.clone()),
            new: policy(vec![statement("Allow", &[], &[])]),
            holds: false,
        },
        Case {
            name: "every word, of the last",
            existing: policy(each.into_iter().rev().take(1).collect()),
            new: every.clone(),
            holds: true,
        },
        Case {
            name: "every word, of borders",
            existing: policy(some_borders.clone()),
            new: every,
            holds: false,
        },
        Case {
            name: "first and not last, of borders",
            existing: policy(some_borders.clone()),
            new: policy(vec![statement("Allow", &["alpha"], &["november"])]),
            holds: true,
        },
        Case {
            name: "not first, of borders",
            existing: policy(some_borders),
            new: policy(vec![statement("Allow", &[], &["alpha"])]),
            holds: true,
        },
    ]
}

/// Prints a line for each question; an error when the engine errs.
pub(super) fn run(mut solver: Option<&mut Solver>) -> Result<()> {
    println!("\nfourteen unrelated infix globs on one key (aim: under {})", shown(AIM));
    for case in cases() {
        let read = |policy: &Value| parse_policy(&policy.to_string()).document;
        let (existing, new) = (read(&case.existing), read(&case.new));
        let question = Question::NoNewAccess { existing: &existing, new: &new };
        let start = Instant::now();
        let answer = question.ask();
        let time = start.elapsed();
        let verdict = match answer {
            Answer::Holds => "holds",
            Answer::Fails(_) => "fails",
            Answer::Unknown(_) => "unknown",
        };
        if verdict == (if case.holds { "fails" } else { "holds" }) {
            bail!("`{}` {verdict}, which is wrong", case.name);
        }
        let compared = match (&mut solver, export(&question)) {
            (Some(solver), Ok(text)) => {
                let solved = solver.solve(&text)?;
                let word = match solved.verdict {
                    Verdict::Sat => "sat",
                    Verdict::Unsat => "unsat",
                    Verdict::Unknown => "unknown",
                };
                format!("{word} in {}", shown(Duration::from_micros(solved.solve_micros)))
            }
            _ => "-".to_owned(),
        };
        println!("{:<32} {verdict:<8} {:>10}   first solver: {compared}", case.name, shown(time));
    }
    Ok(())
}
