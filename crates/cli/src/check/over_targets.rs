//! A check over every policy that targets hold: files, folders, snapshots, authorization details.
//!
//! Targets, configuration, baselines and reports are those of `validate`. What differs is the question, and that
//! everything which does not pass fails the run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rayon::prelude::*;
use ringfence_access::inventory::{NotAnalyzed, PolicyProblem};
use ringfence_policy::{PolicyDocument, PolicyType};

use super::evidence::{Asked, reported};
use crate::output::Output;
use crate::policy_file::{is_stdin, require_one_stdin};
use crate::validate::checked::CheckedPolicy;
use crate::validate::gate::Gate;
use crate::validate::report::RunKind;
use crate::validate::run::{Outcome, conclude, make_report, read_targets, write_reports};
use crate::validate::subject::{Subject, SubjectKind};
use crate::validate::targets::{Targets, clean};
use crate::validate::{FailOn, RunArguments};

/// The targets of a check.
#[derive(Debug, clap::Args)]
pub(crate) struct TargetArguments {
    /// Policies: JSON files, folders, snapshot folders, files of GetAccountAuthorizationDetails; `-` for
    /// standard input
    #[arg(value_name = "TARGET", conflicts_with_all = ["batch", "jobs"])]
    pub(super) targets: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) run: RunArguments,
}

impl TargetArguments {
    /// Whether there are any.
    pub(crate) fn are_given(&self) -> bool {
        !self.targets.is_empty()
    }
}

/// A run of a check over targets.
pub(super) struct OverTargets<'a> {
    kind: &'static RunKind,
    arguments: &'a TargetArguments,
    /// What the configuration says.
    pub(super) gate: Gate,
    /// What has been read.
    pub(super) targets: Targets,
    not_applicable: usize,
}

/// A policy and what it is asked with.
pub(super) struct Question<T> {
    pub(super) subject: Subject,
    pub(super) with: T,
}

/// Reads the configuration.
pub(super) fn gate(
    arguments: &TargetArguments,
    is_asked: fn(&str) -> bool,
) -> anyhow::Result<Gate> {
    let paths: Vec<&Path> = arguments.targets.iter().map(AsRef::as_ref).collect();
    require_one_stdin(&paths)?;
    let mut gate = Gate::load(&arguments.run, is_asked)?;
    // A check that does not pass has failed; there is nothing less grave.
    gate.fail_on = FailOn::Suggestion;
    Ok(gate)
}

impl<'a> OverTargets<'a> {
    /// Reads the targets. `keep` says which files and folders inside of folders count.
    pub(super) fn read(
        kind: &'static RunKind,
        arguments: &'a TargetArguments,
        given: Option<SubjectKind>,
        gate: Gate,
        keep: &dyn Fn(&Path) -> bool,
    ) -> Self {
        let targets = read_targets(&arguments.targets, given, &arguments.run, &gate, keep);
        Self { kind, arguments, gate, targets, not_applicable: 0 }
    }

    /// The policies that the check is about; SCPs and RCPs grant nothing.
    pub(super) fn subjects(&mut self, is_about: impl Fn(&Subject) -> bool) -> Vec<Subject> {
        let all = std::mem::take(&mut self.targets.subjects);
        let (about, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|subject| {
            let grants = match subject.kind.policy_type {
                PolicyType::IdentityPolicy | PolicyType::ResourcePolicy => true,
                PolicyType::ServiceControlPolicy | PolicyType::ResourceControlPolicy => false,
            };
            grants && is_about(subject)
        });
        self.not_applicable = others.len();
        about
    }

    /// Asks about every policy and writes the reports.
    pub(super) fn conclude<T: Send>(
        mut self,
        questions: Vec<Question<T>>,
        ask: impl Fn(&PolicyDocument, &T) -> (Vec<Asked>, Option<std::sync::Arc<str>>) + Sync,
        output: &Output,
    ) -> anyhow::Result<ExitCode> {
        let answer = |question: Question<T>| -> Outcome {
            let Question { subject, with } = question;
            let document = match subject.source.parse() {
                Ok(document) => document,
                Err(problems) => return Err(Box::new(not_read(&subject, &problems))),
            };
            let (asked, reference) = ask(&document, &with);
            let findings = reported(&subject, &document, asked);
            Ok(CheckedPolicy { subject, findings, reference })
        };
        let outcomes: Vec<Outcome> = questions.into_par_iter().map(answer).collect();
        let outcomes = self.without_unreadable(outcomes);
        let Self { kind, arguments, mut gate, targets, not_applicable } = self;
        let mut report = make_report(kind, targets, outcomes, &mut gate);
        report.not_applicable = Some(not_applicable);
        write_reports(&report, &arguments.run, output)?;
        Ok(conclude(&report, &arguments.run))
    }

    /// A named file whose policy cannot be read is a target that cannot be read.
    fn without_unreadable(&mut self, outcomes: Vec<Outcome>) -> Vec<Outcome> {
        let name = |path: &PathBuf| match is_stdin(path) {
            true => "<stdin>".to_owned(),
            false => clean(path).to_string_lossy().into_owned(),
        };
        let named: BTreeSet<String> = self.arguments.targets.iter().map(name).collect();
        let is_target =
            |entry: &NotAnalyzed| entry.resource.is_none() && named.contains(entry.file.as_ref());
        let mut others = Vec::with_capacity(outcomes.len());
        for outcome in outcomes {
            match outcome {
                Err(entry) if is_target(&entry) && entry.position.is_some() => {
                    let at = entry.position.map_or((1, 0), |at| (at.line, at.column));
                    let reason = format!("{}:{}:{}: {}", entry.file, at.0, at.1, entry.reason);
                    self.targets.unreadable.push(NotAnalyzed { reason, ..*entry });
                }
                outcome => others.push(outcome),
            }
        }
        others
    }
}

fn not_read(subject: &Subject, problems: &[PolicyProblem]) -> NotAnalyzed {
    let first = problems.first();
    let more = match problems.len().saturating_sub(1) {
        0 => String::new(),
        1 => " (and one more problem)".to_owned(),
        more => format!(" (and {more} more problems)"),
    };
    let message = first.map_or("the policy cannot be read", |own| own.message.as_str());
    NotAnalyzed {
        position: first.map(|own| own.position),
        resource: subject.owner.as_ref().map(|owner| owner.resource.clone()),
        resource_type: subject.attached_to.map(str::to_owned),
        ..NotAnalyzed::new(subject.source.file(), format!("{message}{more}"))
    }
}
