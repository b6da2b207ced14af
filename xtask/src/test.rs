//! Runs every test of the workspace.
//!
//! `cargo test` alone runs the quick ones. A test that takes long, or that needs the Python or Node environment, is marked
//! `#[ignore = "…"]` with the reason; this task runs those too. Such a test finds the interpreter in
//! `RINGFENCE_PYTHON`, and Node in `RINGFENCE_NODE`.

use std::process::ExitCode;

use anyhow::Result;

use crate::process::{Tally, cargo, tests};
use crate::{node, python};

/// More tests at once than there are processors where these are two: many wait for servers.
const THREADS: &str = "--test-threads=4";

/// Every test, then the totals.
pub(crate) fn run() -> Result<ExitCode> {
    Ok(all()?.report())
}

/// Every test.
pub(crate) fn all() -> Result<Tally> {
    let python = python::programs()?.join("python");
    let arguments = [
        "test",
        "--release",
        "--workspace",
        "--locked",
        "--no-fail-fast",
        "--",
        "--include-ignored",
        THREADS,
    ];
    let node = node::program()?;
    tests(cargo(&arguments).env("RINGFENCE_PYTHON", python).env("RINGFENCE_NODE", node))
}
