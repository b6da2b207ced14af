//! `cargo xtask bench`: measurements, each against what it is compared with, in one run.

mod findings;
#[path = "../../../crates/reasoning/tests/generate/mod.rs"]
mod generate;
mod infix;
mod reasoning;
mod sample;
mod scan;
mod serve;
#[path = "../../../crates/reasoning/tests/solver/mod.rs"]
mod solver;
mod store;
mod validate;
mod watch;

use std::process::ExitCode;

use anyhow::Result;

use crate::process::{cargo, require};

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Questions about policies: the engine, cvc5 and Z3.
    Reasoning(reasoning::Arguments),
    /// External access findings of policies with many keys.
    Findings,
    /// Decisions of rules, one and ten thousand.
    Rules,
    /// `ringfence scan` on environments of growing size.
    Scan(scan::Arguments),
    /// The service with a million findings, over HTTP: lists, reading, memory.
    Serve(serve::Arguments),
    /// A store with a million findings: lists, reading, memory.
    Store(store::Arguments),
    /// The policy checks, parliament, policy_sentry and cfn-lint.
    Validate(validate::Arguments),
    /// From a change event to the stored event, in environments of growing size.
    Watch(watch::Arguments),
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    match &arguments.what {
        What::Reasoning(arguments) => reasoning::run(arguments),
        What::Findings => findings::run(),
        What::Rules => rules(),
        What::Scan(arguments) => scan::run(arguments),
        What::Serve(arguments) => serve::run(arguments),
        What::Store(arguments) => store::run(arguments),
        What::Validate(arguments) => validate::run(arguments),
        What::Watch(arguments) => watch::run(arguments),
    }
}

/// The bench of the crate that decides.
fn rules() -> Result<ExitCode> {
    let bench = ["bench", "--workspace", "--locked", "--bench", "rules"];
    require(&mut cargo(&bench))?;
    Ok(ExitCode::SUCCESS)
}
