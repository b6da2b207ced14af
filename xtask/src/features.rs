//! Whether programs are built with the dependencies that the tests were built with: `ringfence-shared-features` has to
//! ask for every feature that anything in the workspace asks for, or Cargo compiles the dependency again.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};

use crate::process::{Tally, cargo};

/// What is built besides the tests, as it is chosen.
const BUILT: &[&[&str]] = &[
    &["-p", "ringfence"],
    &["-p", "ringfence", "-p", "ringfence-server"],
    &["-p", "xtask"],
    &["--workspace"],
];

/// Prints every dependency that would be compiled again.
pub(crate) fn all() -> Result<Tally> {
    let mut tally = Tally::PASSED;
    // What only build scripts need has features of its own, so it is compared with and without.
    for (edges, with_tests) in [("normal", "normal,dev"), ("normal,build", "normal,build,dev")] {
        let tested = tree(&["--workspace", "--edges", with_tests])?;
        for chosen in BUILT {
            let built = tree(&[chosen, &["--edges", edges][..]].concat())?;
            for again in built.difference(&tested) {
                println!(
                    "cargo build {}: {again}: tests have it with other features: see crates/shared-features",
                    chosen.join(" ")
                );
                tally = Tally::FAILED;
            }
        }
    }
    Ok(tally)
}

/// The packages with their features, a line each.
fn tree(arguments: &[&str]) -> Result<BTreeSet<String>> {
    let form = ["tree", "--locked", "--prefix", "none", "--format", "{p} {f}"];
    let done = cargo(&[&form[..], arguments].concat()).output().context("cannot run `cargo`")?;
    if !done.status.success() {
        bail!("{}", String::from_utf8_lossy(&done.stderr));
    }
    let text = String::from_utf8_lossy(&done.stdout);
    Ok(text.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect())
}
