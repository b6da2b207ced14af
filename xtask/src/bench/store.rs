//! The store with many findings: the bench of its crate, on SQLite and on a PostgreSQL of its own.

use std::process::ExitCode;

use anyhow::Result;

use crate::process::{cargo, require};
use crate::python;

/// How much to store.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many findings the store has.
    #[arg(long, default_value_t = 1_000_000)]
    findings: usize,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let python = python::programs()?.join("python");
    let findings = arguments.findings.to_string();
    for backend in ["sqlite", "postgres"] {
        let bench = ["bench", "--workspace", "--locked", "--bench", "store", "--"];
        let mut command = cargo(&bench);
        require(command.args([findings.as_str(), backend]).env("RINGFENCE_PYTHON", &python))?;
    }
    Ok(ExitCode::SUCCESS)
}
