//! `ringfence check no-new-access`: does the new policy allow anything that the existing one does not?
//!
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html>

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::ValueEnum;
use ringfence_access::inventory::NotAnalyzed;
use ringfence_policy::json::Value;
use ringfence_policy::{PolicyDocument, PolicyType};
use ringfence_reasoning::check_no_new_access;
use ringfence_reasoning::wording::NO_NEW_ACCESS as WORDING;

use super::answer::CheckAnswer;
use super::custom::{NO_NEW_ACCESS, NOT_DECIDED};
use super::evidence::Asked;
use super::over_targets::{OverTargets, Question, TargetArguments, gate};
use super::references::{NoReference, Reference, References};
use super::{BatchArguments, batch, job, report, said_by_user};
use crate::batch::JobError;
use crate::exit::UsageError;
use crate::output::Output;
use crate::policy_file::{self, require_one_stdin};
use crate::validate::report::RunKind;

const KIND: RunKind = RunKind {
    command: "check no-new-access",
    title: "No new access",
    nothing: "No new access",
    asked_about: " that grants access",
};

/// Does the new policy allow anything that the existing one does not?
#[derive(Debug, clap::Args)]
#[command(long_about = LONG_ABOUT)]
pub(super) struct Arguments {
    /// The policy as it is: a JSON file, `-` for standard input
    #[arg(long, value_name = "FILE", required_unless_present_any = ["batch", "targets"], conflicts_with_all = ["batch", "jobs", "targets"])]
    existing: Option<PathBuf>,
    /// The policy as it is to be: a JSON file, `-` for standard input
    #[arg(long, value_name = "FILE", required_unless_present_any = ["batch", "targets"], conflicts_with_all = ["batch", "jobs", "targets"])]
    new: Option<PathBuf>,
    /// The type of the policies: `identity` or `resource`; with targets by default what they look like
    #[arg(long, value_name = "TYPE", required_unless_present_any = ["batch", "targets"], value_parser = super::policy_type)]
    policy_type: Option<PolicyType>,
    #[command(flatten)]
    pub(super) over: TargetArguments,
    /// What the policies of the targets may at most allow: a folder of policies, or one policy
    #[arg(long, value_name = "DIR|FILE", requires = "targets")]
    reference: Option<PathBuf>,
    /// What becomes of a policy that has no reference
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = WithoutReference::NotAnalyzed)]
    without_reference: WithoutReference,
    #[command(flatten)]
    batch: BatchArguments,
}

const LONG_ABOUT: &str = "\
Does the new policy allow anything that the existing one does not?

Two policies are compared with --existing and --new. With targets, each policy in them is held against a reference, \
which says how far it may go: the policy that a `[[reference]]` of ringfence.toml names for it, or in the folder of \
--reference the first there is of

  the file of the same name, in the same folders as far as there are any (policies/team/a.json, team/a.json, a.json),
  for policies of snapshots and authorization details the file named like the resource (role/app/Deploy.json, \
role/app/Deploy.trust.json for its trust policy),
  the file for its type: identity.json; AWS-SQS-Queue.json and the like, trust.json for roles, resource.json.

The folder may be a checkout of the branch that a change goes to: then a change grants no new access.";

/// What becomes of a policy that has no reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum WithoutReference {
    /// It is not analyzed, and the run is not complete
    NotAnalyzed,
    /// All that it allows is new
    Empty,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    if let Some(path) = &arguments.batch.batch {
        return batch(path, &arguments.batch, output, answer_job);
    }
    if arguments.over.are_given() {
        return run_over_targets(arguments, output);
    }
    let (Some(existing), Some(new)) = (&arguments.existing, &arguments.new) else {
        let message = "--existing and --new are needed, or targets, or --batch";
        return Err(UsageError(message.to_owned()).into());
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

fn run_over_targets(arguments: &Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let gate = gate(&arguments.over, |code| matches!(code, NO_NEW_ACCESS | NOT_DECIDED))?;
    let place = arguments.reference.as_deref();
    require_reference(place, gate.has_references())?;
    let folder = place.and_then(|path| path.canonicalize().ok());
    // The references themselves are not held against themselves.
    let keep = |path: &Path| folder.is_none() || path.canonicalize().ok() != folder;
    let given = said_by_user(arguments.policy_type);
    let mut over = OverTargets::read(&KIND, &arguments.over, given, gate, &keep);
    let subjects = over.subjects(|_| true);
    let mut questions = Vec::with_capacity(subjects.len());
    let mut references = References::new(place, &over.gate);
    for subject in subjects {
        match references.of(&subject) {
            Ok(with) => questions.push(Question { subject, with }),
            Err(NoReference::Missing) => match arguments.without_reference {
                WithoutReference::Empty => {
                    questions.push(Question { subject, with: Reference::nothing() });
                }
                WithoutReference::NotAnalyzed => {
                    over.targets.not_analyzed.push(missing(&subject));
                }
            },
            Err(NoReference::Unusable { file, reason }) => {
                let file: Arc<str> = Arc::from(file.to_string_lossy());
                let reason = format!("the reference `{file}` cannot be used: {reason}");
                over.targets.unreadable.push(NotAnalyzed::new(&file, reason));
            }
        }
    }
    over.conclude(questions, ask, output)
}

fn ask(policy: &PolicyDocument, reference: &Reference) -> (Vec<Asked>, Option<Arc<str>>) {
    let asked = Asked {
        issue_code: NO_NEW_ACCESS,
        wording: &WORDING,
        answer: check_no_new_access(&reference.document, policy),
        reference: Some(Arc::clone(&reference.file)),
        critical: None,
    };
    (vec![asked], Some(Arc::clone(&reference.file)))
}

fn require_reference(place: Option<&Path>, has_configured: bool) -> anyhow::Result<()> {
    match place {
        None if !has_configured => {
            let message = "say with --reference, or with `[[reference]]` in ringfence.toml, what policies may allow";
            Err(UsageError(message.to_owned()).into())
        }
        Some(path) if !path.exists() => {
            anyhow::bail!("the reference `{}` does not exist", path.display())
        }
        _ => Ok(()),
    }
}

fn missing(subject: &crate::validate::subject::Subject) -> NotAnalyzed {
    let kind = match subject.kind.policy_type {
        PolicyType::ResourcePolicy => "resource",
        _ => "identity",
    };
    let reason = format!(
        "there is no reference for this {kind} policy; a file `{kind}.json` in the folder of references holds for all \
         of this type"
    );
    NotAnalyzed {
        position: Some(subject.source.position(0)),
        resource: subject.owner.as_ref().map(|owner| owner.resource.clone()),
        ..NotAnalyzed::new(subject.source.file(), reason)
    }
}
