//! `ringfence check no-new-access`: does the new policy allow anything that the existing one does not?
//!
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html>

use std::path::PathBuf;
use std::process::ExitCode;

use ringfence_policy::PolicyType;
use ringfence_policy::json::Value;
use ringfence_reasoning::check_no_new_access;

use super::answer::{CheckAnswer, Wording};
use super::{BatchArguments, batch, job, report};
use crate::batch::JobError;
use crate::exit::UsageError;
use crate::output::Output;
use crate::policy_file::{self, require_one_stdin};

const WORDING: Wording = Wording {
    pass: "The modified permissions do not grant new access compared to your existing policy.",
    fail: "The modified permissions grant new access compared to your existing policy.",
    reason: "New access in the statement with",
};

/// Does the new policy allow anything that the existing one does not?
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The policy as it is: a JSON file, `-` for standard input
    #[arg(long, value_name = "FILE", required_unless_present = "batch", conflicts_with_all = ["batch", "jobs"])]
    existing: Option<PathBuf>,
    /// The policy as it is to be: a JSON file, `-` for standard input
    #[arg(long, value_name = "FILE", required_unless_present = "batch", conflicts_with_all = ["batch", "jobs"])]
    new: Option<PathBuf>,
    /// The type of both: `identity` or `resource`
    #[arg(long, value_name = "TYPE", required_unless_present = "batch", value_parser = super::policy_type)]
    policy_type: Option<PolicyType>,
    #[command(flatten)]
    batch: BatchArguments,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    if let Some(path) = &arguments.batch.batch {
        return batch(path, &arguments.batch, output, answer_job);
    }
    let (Some(existing), Some(new)) = (&arguments.existing, &arguments.new) else {
        return Err(UsageError("--existing and --new are needed, or --batch".to_owned()).into());
    };
    require_one_stdin(&[existing, new])?;
    let (existing, new) = policy_file::read_both(existing, new)?;
    let answer = check_no_new_access(&existing.document, &new.document);
    report(&CheckAnswer::new(answer, &new.document, &WORDING), &new, output)
}

/// `{"id", "existing": {…}, "new": {…}, "policyType"}`
pub(super) fn answer_job(job: &Value<'_>, line: &str) -> Result<CheckAnswer, JobError> {
    let existing = job::policy(job, line, "existing")?;
    let new = job::policy(job, line, "new")?;
    job::check_policy_type(job)?;
    Ok(CheckAnswer::new(check_no_new_access(&existing, &new), &new, &WORDING))
}
