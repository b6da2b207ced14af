//! The service with many findings, over HTTP: the bench of its crate. It needs `wrk` on the PATH.

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
    let bench = ["bench", "--workspace", "--locked", "--bench", "serve", "--"];
    require(cargo(&bench).arg(findings).env("RINGFENCE_PYTHON", python))?;
    Ok(ExitCode::SUCCESS)
}
