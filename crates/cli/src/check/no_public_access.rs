//! `ringfence check no-public-access`: may nobody anonymous or unknown get in?
//!
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoPublicAccess.html>

use std::path::PathBuf;
use std::process::ExitCode;

use ringfence_policy::json::Value;
use ringfence_reasoning::check_no_public_access;

use super::answer::{CheckAnswer, Wording};
use super::{BatchArguments, batch, job, report, resource_type};
use crate::batch::JobError;
use crate::exit::UsageError;
use crate::output::Output;
use crate::policy_file;

const WORDING: Wording = Wording {
    pass: "The resource policy does not grant public access for the given resource type.",
    fail: "The resource policy grants public access for the given resource type.",
    reason: "Public access granted in the following statement with",
};

/// May nobody anonymous or unknown get in?
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The policy of the resource: a JSON file, `-` for standard input
    #[arg(long, value_name = "FILE", required_unless_present = "batch", conflicts_with_all = ["batch", "jobs"])]
    policy: Option<PathBuf>,
    /// CloudFormation's name of the resource's type
    #[arg(
        long,
        value_name = "TYPE",
        required_unless_present = "batch",
        conflicts_with_all = ["batch", "jobs"],
        value_parser = clap::builder::PossibleValuesParser::new(resource_type::ALL)
    )]
    resource_type: Option<String>,
    #[command(flatten)]
    batch: BatchArguments,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    if let Some(path) = &arguments.batch.batch {
        return batch(path, &arguments.batch, output, answer_job);
    }
    let Some(policy) = &arguments.policy else {
        return Err(UsageError("--policy is needed, or --batch".to_owned()).into());
    };
    let policy = policy_file::read(policy)?;
    let answer = check_no_public_access(&policy.document);
    report(&CheckAnswer::new(answer, &policy.document, &WORDING), &policy, output)
}

/// `{"id", "policy", "resourceType"}`
pub(super) fn answer_job(job: &Value<'_>, line: &str) -> Result<CheckAnswer, JobError> {
    let policy = job::policy(job, line, "policy")?;
    let value = job::required(job, "resourceType")?;
    let name = job::string(value, "resourceType")?;
    if !resource_type::ALL.contains(&name) {
        let message = format!("`{name}` is no resource type of this check");
        return Err(JobError::new(value.span, message));
    }
    Ok(CheckAnswer::new(check_no_public_access(&policy), &policy, &WORDING))
}
