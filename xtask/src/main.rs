//! Developer tasks, one module each: `cargo xtask --help` lists them.
//!
//! A new task is a module with a `run`, one variant of [`Command`] and one arm in [`main`].

mod api_model;
mod bench;
mod catalogue;
mod check;
mod conformance;
mod environment;
mod features;
mod node;
mod process;
mod python;
mod readme;
mod serverless;
mod site;
mod stories;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

/// Developer tasks of the Ringfence workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    /// Everything CI runs: format, tidy, lints, tests, documents, dependencies, README.
    Check,
    /// Every test, the slow ones and those that need Python tools included.
    Test,
    /// The rules that no other tool knows: layers, purity, sizes, pages, links.
    Tidy,
    /// Runs the console blocks of README.md and compares their output.
    Readme,
    /// What the service does about findings, from the creation of a role to the undo, in accounts of moto's server.
    Stories,
    /// Measures, in one run, this project and what it is compared with.
    Bench(bench::Arguments),
    /// Compares verdicts with those of others on a corpus.
    Conformance(conformance::Arguments),
    /// Generates an environment of a given size.
    Environment(environment::Arguments),
    /// Writes the reference pages as a static site.
    Site(site::Arguments),
    /// Generates the wire layer of the service from AWS's API model.
    ApiModel,
    /// Generates the service catalogue in `data/` from its sources.
    Catalogue(catalogue::Arguments),
    /// Generates the policy templates of AWS SAM in `data/` from `aws-sam-translator`.
    Serverless,
}

fn main() -> ExitCode {
    let outcome = match Command::parse() {
        Command::Check => Ok(check::run()),
        Command::Test => test::run(),
        Command::Tidy => tidy::run(),
        Command::Readme => readme::run(),
        Command::Stories => stories::run(),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Conformance(arguments) => conformance::run(&arguments),
        Command::Environment(arguments) => environment::run(&arguments),
        Command::Site(arguments) => site::run(&arguments),
        Command::ApiModel => api_model::run(),
        Command::Catalogue(arguments) => catalogue::run(&arguments),
        Command::Serverless => serverless::run(),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
