//! `ringfence validate`: the policy checks, over files, folders and whole environments.
//!
//! What the command line names becomes one [`subject::Subject`] a policy. Each is checked on its own, the
//! [`gate`] says which findings count, and every [`report`] is written from the same result.

mod arguments;
mod batch;
mod checked;
mod fingerprint;
mod gate;
mod report;
mod severity;
mod subject;
mod targets;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rayon::prelude::*;

use arguments::ReportFile;
pub(crate) use arguments::ValidateArguments;
use gate::Gate;
use report::{Report, Summary};
use subject::{SaidBy, SubjectKind};
use targets::{AwsManaged, Choices, OtherFiles, Targets};

use crate::exit;
use crate::output::Output;
use crate::policy_file::{is_stdin, require_one_stdin};
use crate::text::{counted, visible};

/// Runs the checks. The exit code stands whether or not somebody reads all of the result.
pub(crate) fn run(arguments: &ValidateArguments, output: &Output) -> anyhow::Result<ExitCode> {
    if let Some(path) = &arguments.batch {
        return batch::run(path, arguments, output);
    }
    let paths: Vec<&Path> = arguments.targets.iter().map(AsRef::as_ref).collect();
    require_one_stdin(&paths)?;
    let mut gate = Gate::load(arguments, arguments.today.unwrap_or_else(today))?;
    let report = make_report(read_targets(arguments, &gate)?, &mut gate);
    write_reports(&report, arguments, output)?;
    Ok(conclude(&report, arguments))
}

/// The date, in UTC.
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

fn read_targets(arguments: &ValidateArguments, gate: &Gate) -> anyhow::Result<Targets> {
    let given = arguments.given_type()?.map(|policy_type| SubjectKind {
        policy_type,
        resource_type: arguments.resource_type,
        said_by: SaidBy::User,
    });
    let configured = |path: &Path| if is_stdin(path) { None } else { gate.kind_of(path) };
    let choices = Choices {
        kind: &|path| given.or_else(|| configured(path)),
        keep: &|path| gate.keeps(path),
        other_files: match arguments.skip_other_files {
            true => OtherFiles::Skip,
            false => OtherFiles::Check,
        },
        aws_managed: match arguments.skip_aws_managed {
            true => AwsManaged::Skip,
            false => AwsManaged::Check,
        },
    };
    Ok(targets::read(&arguments.targets, &choices))
}

fn make_report(targets: Targets, gate: &mut Gate) -> Report {
    let Targets { subjects, mut not_analyzed, unreadable, other_files, aws_managed } = targets;
    let checked: Vec<_> = subjects.into_par_iter().map(checked::check).collect();
    let mut policies = Vec::with_capacity(checked.len());
    for result in checked {
        match result {
            Ok(policy) => policies.push(policy),
            Err(entry) => not_analyzed.push(*entry),
        }
    }
    not_analyzed.sort();
    not_analyzed.dedup();
    let judgement = gate.judge(&mut policies);
    Report {
        policies,
        not_analyzed,
        unreadable,
        judgement,
        fail_on: gate.fail_on,
        compared: gate.compared,
        other_files,
        aws_managed,
    }
}

fn write_reports(
    report: &Report,
    arguments: &ValidateArguments,
    output: &Output,
) -> anyhow::Result<()> {
    for ReportFile { format, path } in &arguments.reports {
        let context = || format!("`{}` cannot be written; name another file", path.display());
        let mut file = BufWriter::new(File::create(path).with_context(context)?);
        report
            .write(&mut file, *format, &output.beside())
            .and_then(|()| file.flush())
            .with_context(context)?;
    }
    let mut writer = output.open_for_verdict()?;
    report
        .write(&mut writer, output.any_format, output)
        .and_then(|()| writer.flush())
        .map_err(|error| output.failed(error))
}

/// Says on standard error what must not be overlooked, and gives the exit code.
fn conclude(report: &Report, arguments: &ValidateArguments) -> ExitCode {
    for unused in &report.judgement.unused {
        let at = format!("{}:{}:{}", unused.file, unused.line, unused.column);
        eprintln!("warning: {}: {}", visible(&at), visible(&unused.message));
    }
    for problem in &report.judgement.problems {
        let at = format!("{}:{}:{}", problem.file, problem.line, problem.column);
        eprintln!("error: {}: {}", visible(&at), visible(&problem.message));
    }
    for entry in &report.unreadable {
        eprintln!("error: {}", visible(&entry.reason));
    }
    let summary = Summary::new(report);
    if !report.not_analyzed.is_empty() {
        let count = counted(report.not_analyzed.len(), "thing");
        eprintln!("warning: {count} could not be analyzed; the result is not complete");
    } else if report.policies.is_empty() && report.unreadable.is_empty() {
        eprintln!("warning: no policy was found");
    }
    if !report.unreadable.is_empty() {
        return ExitCode::from(exit::FAILED);
    }
    match (summary.passed, summary.complete) {
        (false, _) => ExitCode::from(exit::FOUND),
        (true, false) if !arguments.allow_incomplete => ExitCode::from(exit::INCOMPLETE),
        (true, _) => ExitCode::SUCCESS,
    }
}
