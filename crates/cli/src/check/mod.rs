//! `ringfence check`: the custom policy checks of AWS IAM Access Analyzer.
//!
//! A check passes (exit 0), fails, or is not decided; the latter two exit with 3. Each check is one file
//! beside this one: its options, its question, and its batch.

mod access_not_granted;
mod answer;
mod critical;
mod custom;
mod evidence;
mod job;
mod no_new_access;
mod no_public_access;
mod over_targets;
mod references;
mod resource_type;
pub(crate) mod table;

pub(crate) use custom::{CUSTOM_CHECKS, CustomCheck};
pub(crate) use evidence::Evidence;

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use answer::CheckAnswer;
use clap::Subcommand;
use ringfence_policy::PolicyType;
use ringfence_policy::json::Value;

use crate::batch::{JobError, run_batch};
use crate::exit;
use crate::output::{Format, Output, write_json};
use crate::policy_file::{self, PolicyFile};
use crate::validate::subject::{SaidBy, SubjectKind};

/// Checks what policies allow
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true, long_about = LONG_ABOUT)]
pub(crate) struct CheckArguments {
    #[command(subcommand)]
    check: Check,
}

const LONG_ABOUT: &str = "\
Checks what policies allow.

A check that fails names the statements that make it fail and a request that gets through. One that cannot be \
decided says so and counts as failed: both exit with 3. Columns in places such as `policy.json:3:0` count from 0, \
as AWS's do.";

#[derive(Debug, Subcommand)]
enum Check {
    NoNewAccess(no_new_access::Arguments),
    AccessNotGranted(access_not_granted::Arguments),
    NoPublicAccess(no_public_access::Arguments),
}

/// The options of batches, which every check has.
#[derive(Debug, clap::Args)]
struct BatchArguments {
    /// A job a line, answered in the same order; `-` for standard input
    #[arg(long, value_name = "FILE.jsonl")]
    batch: Option<PathBuf>,
    /// Threads of a batch [default: one a core]
    #[arg(long, value_name = "N", requires = "batch")]
    jobs: Option<NonZeroUsize>,
}

/// Runs a check.
pub(crate) fn run(arguments: &CheckArguments, output: &Output) -> anyhow::Result<ExitCode> {
    match &arguments.check {
        Check::NoNewAccess(arguments) => no_new_access::run(arguments, output),
        Check::AccessNotGranted(arguments) => access_not_granted::run(arguments, output),
        Check::NoPublicAccess(arguments) => no_public_access::run(arguments, output),
    }
}

impl CheckArguments {
    /// Whether the check looks at targets, whose result has the forms of reports.
    pub(crate) fn writes_reports(&self) -> bool {
        match &self.check {
            Check::NoNewAccess(arguments) => arguments.over.are_given(),
            Check::AccessNotGranted(arguments) => arguments.over.are_given(),
            Check::NoPublicAccess(arguments) => arguments.over.are_given(),
        }
    }
}

/// The type that the command line gives to policies in files.
fn said_by_user(policy_type: Option<PolicyType>) -> Option<SubjectKind> {
    let said_by = SaidBy::User;
    policy_type.map(|policy_type| SubjectKind { policy_type, resource_type: None, said_by })
}

/// Answers the jobs of a file.
fn batch(
    path: &Path,
    arguments: &BatchArguments,
    output: &Output,
    answer: impl Fn(&Value<'_>, &str) -> Result<CheckAnswer, JobError> + Sync,
) -> anyhow::Result<ExitCode> {
    let (jobs, answers) = (policy_file::open(path)?, output.open()?);
    Ok(run_batch(jobs, answers, arguments.jobs, answer)?.exit_code())
}

/// Writes the answer about one policy. The exit code stands whether or not somebody reads it all.
fn report(answer: &CheckAnswer, policy: &PolicyFile, output: &Output) -> anyhow::Result<ExitCode> {
    let mut writer = output.open_for_verdict()?;
    let written = match output.format {
        Format::Table => table::write(&mut writer, answer, policy, output),
        Format::Json | Format::Jsonl => write_json(&mut writer, output.format, answer),
    };
    written.and_then(|()| writer.flush()).map_err(|error| output.failed(error))?;
    Ok(match answer.passes() {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(exit::FOUND),
    })
}

/// Reads a policy type that the checks take.
///
/// <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html>
fn policy_type(name: &str) -> Result<PolicyType, String> {
    match PolicyType::parse(name) {
        Some(PolicyType::IdentityPolicy) => Ok(PolicyType::IdentityPolicy),
        Some(PolicyType::ResourcePolicy) => Ok(PolicyType::ResourcePolicy),
        Some(PolicyType::ServiceControlPolicy | PolicyType::ResourceControlPolicy) => {
            Err("the checks take no SCPs and RCPs: these grant nothing; use identity or resource"
                .into())
        }
        None => Err("use identity (IDENTITY_POLICY) or resource (RESOURCE_POLICY)".into()),
    }
}

#[cfg(test)]
mod tests;
