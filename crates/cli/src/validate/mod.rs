//! `ringfence validate`: the policy checks, over files, folders and whole environments.
//!
//! What the command line names becomes one [`subject::Subject`] a policy. Each is checked on its own, the
//! [`gate`] says which findings count, and every [`report`] is written from the same result. The checks of
//! [`crate::check`] go the same way, with another question.

mod arguments;
mod batch;
pub(crate) mod checked;
pub(crate) mod fingerprint;
pub(crate) mod fix;
pub(crate) mod gate;
pub(crate) mod issue;
pub(crate) mod report;
pub(crate) mod run;
mod severity;
pub(crate) mod subject;
pub(crate) mod targets;

use std::path::Path;
use std::process::ExitCode;

use rayon::prelude::*;

pub(crate) use arguments::{RunArguments, ValidateArguments};
use fix::Destination;
use gate::Gate;
use report::RunKind;
pub(crate) use severity::{FailOn, Severity};
use subject::{SaidBy, SubjectKind};

use crate::output::Output;
use crate::policy_file::require_one_stdin;

const KIND: RunKind = RunKind {
    command: "validate",
    title: "IAM policy validation",
    nothing: "No findings",
    asked_about: "",
};

/// Runs the checks. The exit code stands whether or not somebody reads all of the result.
pub(crate) fn run(arguments: &ValidateArguments, output: &Output) -> anyhow::Result<ExitCode> {
    if let Some(path) = &arguments.batch {
        return batch::run(path, arguments, output);
    }
    let paths: Vec<&Path> = arguments.targets.iter().map(AsRef::as_ref).collect();
    require_one_stdin(&paths)?;
    let given = arguments.given_type()?.map(|policy_type| SubjectKind {
        policy_type,
        resource_type: arguments.resource_type,
        said_by: SaidBy::User,
    });
    let mut gate = Gate::load(&arguments.run, issue::is_of_validate)?;
    gate.fail_on = arguments.fail_on.unwrap_or(gate.fail_on);
    let mut targets =
        run::read_targets(&arguments.targets, given, &arguments.run, &gate, &|_| true);
    let fixes = arguments.fixes();
    let fixed = match fixes {
        Some((scope, destination)) => {
            fix::check_places(arguments, destination, output)?;
            let mut fixed = fix::repair(&mut targets, &arguments.targets, &gate, scope)?;
            if destination == Destination::Diff {
                return fix::conclude_diff(&fixed, &targets, &arguments.run, output);
            }
            fix::store(&mut fixed, &mut targets);
            fix::tell(&fixed, destination);
            Some(fixed)
        }
        None => None,
    };
    let subjects = std::mem::take(&mut targets.subjects);
    let check = |subject| checked::check(subject, arguments.checks);
    let outcomes = subjects.into_par_iter().map(check).collect();
    let mut report = run::make_report(&KIND, targets, outcomes, &mut gate);
    report.fixed = fixed;
    match &report.fixed {
        Some(fixed) => fix::write_results(fixed, &report, &arguments.run, output)?,
        None => run::write_reports(&report, &arguments.run, output)?,
    }
    Ok(run::conclude(&report, &arguments.run))
}
