//! `ringfence-server`, which `ringfence serve` and `ringfence keys` run: the service and its access keys.
//!
//! It is a program of its own because it needs much that policies and scans do not: the `ringfence` command stays
//! quick to build. It reads the environment; the library does not.

mod arguments;
mod keys;
mod serve;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::Parser;

fn main() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    let result = match command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Keys(arguments) => keys::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
