//! `cargo xtask conformance`: verdicts and findings compared with those of others, one line a set.
//!
//! The project's own corpus (`corpus/`) always runs. A folder given by `--corpus` runs besides, when it is
//! there.

mod external_findings;
mod managed_policies;
pub(crate) mod no_new_access;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;

use crate::workspace;

/// What to compare with.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A folder with `external-findings`, `no-new-access` and `managed-policies`
    #[arg(long)]
    corpus: Option<PathBuf>,
}

/// How a set came out.
pub(crate) struct Tally {
    set: &'static str,
    agree: usize,
    disagreements: Vec<String>,
    unknowns: Vec<String>,
}

impl Tally {
    pub(crate) fn new(set: &'static str) -> Self {
        Self { set, agree: 0, disagreements: Vec::new(), unknowns: Vec::new() }
    }

    pub(crate) fn agree(&mut self) {
        self.agree += 1;
    }

    pub(crate) fn disagree(&mut self, what: &str) {
        self.disagreements.push(what.to_owned());
    }

    pub(crate) fn unknown(&mut self, what: &str) {
        self.unknowns.push(what.to_owned());
    }

    /// Prints the set's line and what did not agree; true when everything did.
    fn report(&self) -> bool {
        let (disagree, unknown) = (self.disagreements.len(), self.unknowns.len());
        println!(
            "{:<20} agree {:>5}  disagree {disagree:>3}  unknown {unknown:>3}",
            self.set, self.agree
        );
        for what in &self.disagreements {
            println!("  disagrees: {what}");
        }
        for what in &self.unknowns {
            println!("  unknown: {what}");
        }
        disagree + unknown == 0
    }
}

/// Runs every set of the own corpus and of the one that is given.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let own = workspace::root().join("corpus");
    let mut all = true;
    for corpus in [Some(own), arguments.corpus.clone()].into_iter().flatten() {
        if !corpus.is_dir() {
            println!("{} is not there and is left out", corpus.display());
            continue;
        }
        all &= sets(&corpus)?;
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn sets(corpus: &Path) -> Result<bool> {
    let mut all = true;
    let findings = corpus.join("external-findings");
    if findings.is_dir() {
        all &= external_findings::run(&findings)?.report();
    }
    let no_new_access = corpus.join("no-new-access");
    if no_new_access.is_dir() {
        all &= no_new_access::run(&no_new_access)?.report();
    }
    let managed = corpus.join("managed-policies");
    if managed.is_dir() {
        let report = managed_policies::run(&managed)?;
        println!("{report}");
        println!(
            "{:<20} agree {:>5}  disagree {:>3}",
            "managed-policies",
            report.agreements(),
            report.disagreements()
        );
    }
    Ok(all)
}
