//! `ringfence check access-not-granted`: is none of the listed access allowed?
//!
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckAccessNotGranted.html>

use std::path::PathBuf;
use std::process::ExitCode;

use ringfence_policy::json::{Kind, Value};
use ringfence_policy::{PolicyDocument, PolicyType};
use ringfence_reasoning::wording::ACCESS_NOT_GRANTED as WORDING;
use ringfence_reasoning::{Access, check_access_not_granted};

use super::answer::CheckAnswer;
use super::critical::{self, Group};
use super::custom::{ACCESS_NOT_GRANTED, NOT_DECIDED};
use super::evidence::Asked;
use super::over_targets::{OverTargets, Question, TargetArguments, gate};
use super::{BatchArguments, batch, job, report, said_by_user};
use crate::batch::JobError;
use crate::exit::UsageError;
use crate::output::Output;
use crate::policy_file;
use crate::validate::report::RunKind;

const KIND: RunKind = RunKind {
    command: "check access-not-granted",
    title: "Critical access not granted",
    nothing: "No critical access",
    asked_about: " that grants access",
};

/// As many actions, and as many resources, as AWS takes.
const MAX_LISTED: usize = 100;

/// Is none of the listed access allowed?
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Is none of the listed access allowed?\n\nWith actions alone, on any resource; with \
    resources alone, any action; with both, any of the actions on any of the resources.\n\nWith targets, every \
    policy in them is asked about what --action and --resource list and about each group of --critical."
)]
pub(super) struct Arguments {
    /// The policy: a JSON file, `-` for standard input
    #[arg(long, value_name = "FILE", required_unless_present_any = ["batch", "targets"], conflicts_with_all = ["batch", "jobs", "targets"])]
    policy: Option<PathBuf>,
    /// The type of the policies: `identity` or `resource`; with targets by default what they look like
    #[arg(long, value_name = "TYPE", required_unless_present_any = ["batch", "targets"], value_parser = super::policy_type)]
    policy_type: Option<PolicyType>,
    /// An action that must not be allowed, such as `s3:DeleteObject`; may be repeated
    #[arg(long, value_name = "ACTION", conflicts_with = "batch")]
    action: Vec<String>,
    /// The ARN of a resource that must not be reachable; may be repeated
    #[arg(long, value_name = "ARN", conflicts_with = "batch")]
    resource: Vec<String>,
    #[command(flatten)]
    pub(super) over: TargetArguments,
    /// Critical actions and resources in groups, none of which the policies of the targets may allow: TOML or JSON
    #[arg(long, value_name = "FILE", requires = "targets")]
    critical: Option<PathBuf>,
    #[command(flatten)]
    batch: BatchArguments,
}

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
    let Arguments { action, resource, .. } = arguments;
    let access = Access { actions: action.clone(), resources: resource.clone() };
    require_listed(&access).map_err(UsageError)?;
    let policy = policy_file::read(policy)?;
    let answer = check_access_not_granted(&policy.document, &[access]);
    report(&CheckAnswer::new(answer, &policy.document, &WORDING), &policy, output)
}

/// `{"id", "policy", "policyType", "access": {"actions", "resources"}}`
pub(super) fn answer_job(job: &Value<'_>, line: &str) -> Result<CheckAnswer, JobError> {
    let policy = job::policy(job, line, "policy")?;
    job::check_policy_type(job)?;
    let access = read_access(job::required(job, "access")?)?;
    let answer = check_access_not_granted(&policy, &[access]);
    Ok(CheckAnswer::new(answer, &policy, &WORDING))
}

/// An object, or a list of one as in AWS's API.
fn read_access(value: &Value<'_>) -> Result<Access, JobError> {
    let object = match (&value.kind, value.elements()) {
        (Kind::Object(_), _) => value,
        (Kind::Array(_), [only @ Value { kind: Kind::Object(_), .. }]) => only,
        _ => {
            let message =
                "`access` takes an object with `actions` and `resources`, or a list of one";
            return Err(JobError::new(value.span, message));
        }
    };
    let mut access = Access::default();
    for member in object.members() {
        match member.key.value.as_ref() {
            "actions" => access.actions = job::strings(&member.value, "actions")?,
            "resources" => access.resources = job::strings(&member.value, "resources")?,
            name => {
                let message =
                    format!("`{name}` is no member of `access`; there are actions and resources");
                return Err(JobError::new(member.key.span, message));
            }
        }
    }
    require_listed(&access).map_err(|message| JobError::new(object.span, message))?;
    Ok(access)
}

fn run_over_targets(arguments: &Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let mut groups = match &arguments.critical {
        Some(path) => critical::read(path)?,
        None => Vec::new(),
    };
    let Arguments { action, resource, .. } = arguments;
    if groups.is_empty() || !action.is_empty() || !resource.is_empty() {
        let access = Access { actions: action.clone(), resources: resource.clone() };
        require_listed(&access).map_err(UsageError)?;
        groups.insert(0, Group::of_command_line(access));
    }
    let gate = gate(&arguments.over, |code| matches!(code, ACCESS_NOT_GRANTED | NOT_DECIDED))?;
    let given = said_by_user(arguments.policy_type);
    let mut over = OverTargets::read(&KIND, &arguments.over, given, gate, &|_| true);
    let subjects = over.subjects(|_| true).into_iter();
    let questions = subjects.map(|subject| Question { subject, with: () }).collect();
    let ask = |policy: &PolicyDocument, (): &()| {
        let asked = |group: &Group| Asked {
            issue_code: ACCESS_NOT_GRANTED,
            wording: &WORDING,
            answer: check_access_not_granted(policy, std::slice::from_ref(&group.access)),
            reference: None,
            critical: Some(group.critical.clone()),
        };
        (groups.iter().map(asked).collect(), None)
    };
    over.conclude(questions, ask, output)
}

pub(super) fn require_listed(access: &Access) -> Result<(), String> {
    let Access { actions, resources } = access;
    if actions.is_empty() && resources.is_empty() {
        return Err("list at least one action or one resource".to_owned());
    }
    for (name, listed) in [("actions", actions), ("resources", resources)] {
        if listed.len() > MAX_LISTED {
            let count = listed.len();
            return Err(format!("{count} {name} are listed; the check takes at most {MAX_LISTED}"));
        }
        if listed.iter().any(|text| text.trim().is_empty()) {
            return Err(format!("one of the listed {name} is empty"));
        }
    }
    Ok(())
}
