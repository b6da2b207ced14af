//! `ringfence-server`, which the commands of the service run (`ringfence serve`, `ringfence keys`, …).
//!
//! It is a program of its own because it needs much that policies and scans do not: the `ringfence` command stays
//! quick to build. It reads the environment; the library does not.

mod archive_rules;
mod arguments;
mod audit;
mod backup;
mod configuration;
mod doctor;
mod drill;
mod events;
mod keys;
mod notify;
mod resolution;
mod resolution_arguments;
mod rules;
mod serve;
mod source;
mod table;

use std::process::ExitCode;

use anyhow::{Context, Result};
use arguments::{Arguments, Command};
use clap::{ArgMatches, CommandFactory, FromArgMatches};
use ringfence_server::config::{ConfigError, Origin};

/// Who does what these commands do, in the audit log: somebody who reads the data folder or has the database's password.
pub(crate) const WHO: &str = "command line";

/// Wrong usage, as `clap` has it.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let matches = Arguments::command().get_matches();
    match run(&matches) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            match error.downcast_ref::<ConfigError>() {
                Some(ConfigError { origin: Origin::Flag(_), .. }) => ExitCode::from(USAGE),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

/// The threads of what waits for a database.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    // The SDK's calls nest deeply, and a build without optimization keeps all of them on the stack.
    builder
        .enable_all()
        .thread_stack_size(16 << 20)
        .build()
        .context("the threads cannot be started")
}

fn run(matches: &ArgMatches) -> Result<ExitCode> {
    let Arguments { command } =
        Arguments::from_arg_matches(matches).unwrap_or_else(|own| own.exit());
    let done = match command {
        Command::Serve(_) => serve::run(&configuration::load(matches)?.config),
        Command::Keys(arguments) => keys::run(&arguments, &configuration::load(matches)?.config),
        Command::Config(arguments) => configuration::run(&arguments.command, matches),
        Command::Drill(arguments) => drill::run(&arguments),
        Command::Resolution(arguments) => resolution::run(&arguments),
        Command::Rules(arguments) => return rules::run(&arguments),
        Command::Audit(arguments) => return audit::run(&arguments),
        Command::Events(arguments) => events::run(&arguments),
        Command::Notify(arguments) => notify::run(&arguments),
        Command::Doctor(arguments) => {
            return doctor::run(arguments.format, &configuration::load(matches)?.config);
        }
        Command::Backup(arguments) => {
            backup::back_up(&arguments.file, &configuration::load(matches)?.config)
        }
        Command::Restore(arguments) => {
            backup::restore(&arguments.file, &configuration::load(matches)?.config)
        }
        Command::ArchiveRules(arguments) => {
            archive_rules::run(&arguments.command, &configuration::load(matches)?.config)
        }
    };
    done.map(|()| ExitCode::SUCCESS)
}
