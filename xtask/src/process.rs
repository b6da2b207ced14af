//! Runs other programs from the workspace's root, and counts what passed.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::ops::AddAssign;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// How many checks passed and how many failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// One check that passed.
    pub(crate) const PASSED: Self = Self { passed: 1, failed: 0 };
    /// One check that failed.
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1 };

    /// Prints the totals and gives the exit code that says whether something failed.
    pub(crate) fn report(self) -> ExitCode {
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The cargo that runs this task, in the workspace's root and without standard input.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    program(cargo, arguments)
}

/// A program to run in the workspace's root, without standard input.
pub(crate) fn program(name: impl Into<OsString>, arguments: &[&str]) -> Command {
    let mut command = Command::new(name.into());
    command.args(arguments).current_dir(workspace::root()).stdin(Stdio::null());
    // Cargo tells these to what it runs. Build scripts look at them: what was built without would be built again.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| text.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a program as one check.
pub(crate) fn passes(command: &mut Command) -> Result<Tally> {
    let status = command.status().with_context(|| format!("cannot run {command:?}"))?;
    Ok(if status.success() { Tally::PASSED } else { Tally::FAILED })
}

/// Runs a program that has to succeed before anything else can be done.
pub(crate) fn require(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot run {command:?}"))?;
    if !status.success() {
        bail!("{command:?} failed: {status}");
    }
    Ok(())
}

/// Runs `cargo test`, passing its output on, and sums the results of its test binaries.
///
/// A run that fails without a failed test (it did not compile, or a test binary crashed) counts as one failure.
pub(crate) fn tests(command: &mut Command) -> Result<Tally> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {command:?}"))?;
    let mut tally = Tally::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            tally += result(&line).unwrap_or_default();
        }
    }
    if !child.wait()?.success() && tally.failed == 0 {
        tally += Tally::FAILED;
    }
    Ok(tally)
}

/// Reads a line like `test result: ok. 7 passed; 0 failed; 0 ignored; …`.
fn result(line: &str) -> Option<Tally> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let count = |name: &str| {
        let counted = counts.split("; ").find_map(|count| count.strip_suffix(name))?;
        counted.trim().parse().ok()
    };
    Some(Tally { passed: count("passed")?, failed: count("failed")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_result_lines() {
        let line =
            "test result: FAILED. 7 passed; 2 failed; 1 ignored; 0 measured; finished in 0.00s";
        assert_eq!(result(line), Some(Tally { passed: 7, failed: 2 }));
        assert_eq!(result("test a::b ... ok"), None);
    }

    #[test]
    fn a_crash_counts_as_a_failure() {
        let script = "echo 'test result: ok. 3 passed; 0 failed; 0 ignored'; exit 101";
        let tally = super::tests(&mut program("sh", &["-c", script])).unwrap();
        assert_eq!(tally, Tally { passed: 3, failed: 1 });
    }
}
