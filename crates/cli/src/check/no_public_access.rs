//! `ringfence check no-public-access`: may nobody anonymous or unknown get in?
//!
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoPublicAccess.html>

use std::path::PathBuf;
use std::process::ExitCode;

use ringfence_policy::json::Value;
use ringfence_policy::{PolicyDocument, PolicyType};
use ringfence_reasoning::check_no_public_access;
use ringfence_reasoning::wording::NO_PUBLIC_ACCESS as WORDING;
use ringfence_validation::ValidatePolicyResourceType;

use super::answer::CheckAnswer;
use super::custom::{NO_PUBLIC_ACCESS, NOT_DECIDED};
use super::evidence::Asked;
use super::over_targets::{OverTargets, Question, TargetArguments, gate};
use super::{BatchArguments, batch, job, report, resource_type};
use crate::batch::JobError;
use crate::exit::UsageError;
use crate::output::Output;
use crate::policy_file;
use crate::validate::report::RunKind;
use crate::validate::subject::{SaidBy, SubjectKind};

const KIND: RunKind = RunKind {
    command: "check no-public-access",
    title: "No public access",
    nothing: "No public access",
    asked_about: " of a resource",
};

/// May nobody anonymous or unknown get in?
#[derive(Debug, clap::Args)]
#[command(long_about = LONG_ABOUT)]
pub(super) struct Arguments {
    /// The policy of the resource: a JSON file, `-` for standard input
    #[arg(long, value_name = "FILE", required_unless_present_any = ["batch", "targets"], conflicts_with_all = ["batch", "jobs", "targets"])]
    policy: Option<PathBuf>,
    /// CloudFormation's name of the resource's type; with targets, of the policies in files
    #[arg(
        long,
        value_name = "TYPE",
        required_unless_present_any = ["batch", "targets"],
        conflicts_with_all = ["batch", "jobs"],
        value_parser = clap::builder::PossibleValuesParser::new(resource_type::ALL)
    )]
    resource_type: Option<String>,
    #[command(flatten)]
    pub(super) over: TargetArguments,
    #[command(flatten)]
    batch: BatchArguments,
}

const LONG_ABOUT: &str = "\
May nobody anonymous or unknown get in?

With targets, every resource policy in them is asked: those of the resources of a snapshot, the trust policies of \
roles, and of policies in files those whose statements name principals. Identity policies are counted and passed over.";

pub(super) fn run(arguments: &Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    if let Some(path) = &arguments.batch.batch {
        return batch(path, &arguments.batch, output, answer_job);
    }
    if arguments.over.are_given() {
        return run_over_targets(arguments, output);
    }
    let Some(policy) = &arguments.policy else {
        return Err(UsageError("--policy is needed, or targets, or --batch".to_owned()).into());
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

fn run_over_targets(arguments: &Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let gate = gate(&arguments.over, |code| matches!(code, NO_PUBLIC_ACCESS | NOT_DECIDED))?;
    let attached_to = arguments
        .resource_type
        .as_deref()
        .and_then(|name| resource_type::ALL.into_iter().find(|own| *own == name));
    let given = attached_to.map(|name| SubjectKind {
        policy_type: PolicyType::ResourcePolicy,
        resource_type: ValidatePolicyResourceType::parse(name),
        said_by: SaidBy::User,
    });
    let mut over = OverTargets::read(&KIND, &arguments.over, given, gate, &|_| true);
    let subjects = over.subjects(|subject| match subject.kind.policy_type {
        PolicyType::ResourcePolicy => true,
        PolicyType::IdentityPolicy
        | PolicyType::ServiceControlPolicy
        | PolicyType::ResourceControlPolicy => false,
    });
    let question = |mut subject: crate::validate::subject::Subject| {
        if subject.owner.is_none() {
            subject.attached_to = subject.attached_to.or(attached_to);
        }
        Question { subject, with: () }
    };
    over.conclude(subjects.into_iter().map(question).collect(), ask, output)
}

fn ask(policy: &PolicyDocument, (): &()) -> (Vec<Asked>, Option<std::sync::Arc<str>>) {
    let asked = Asked {
        issue_code: NO_PUBLIC_ACCESS,
        wording: &WORDING,
        answer: check_no_public_access(policy),
        reference: None,
        critical: None,
    };
    (vec![asked], None)
}
