//! From targets to reports and an exit code: what `validate` and the checks that look at targets share.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ringfence_access::inventory::NotAnalyzed;

use super::arguments::{ReportFile, RunArguments};
use super::checked::CheckedPolicy;
use super::gate::Gate;
use super::report::{Report, RunKind, Summary};
use super::subject::SubjectKind;
use super::targets::{self, AwsManaged, Choices, OtherFiles, Targets};
use crate::exit;
use crate::output::Output;
use crate::policy_file::is_stdin;
use crate::text::{counted, visible};

/// What became of one policy.
pub(crate) type Outcome = Result<CheckedPolicy, Box<NotAnalyzed>>;

/// The date that suppressions are held against.
pub(crate) fn day(arguments: &RunArguments) -> Date {
    arguments.today.unwrap_or_else(today)
}

/// The date, in UTC.
pub(crate) fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// Reads the targets. `given` is the type that the command line gives to policies in files; `keep` says which
/// files and folders inside of folders count, besides what the configuration says.
pub(crate) fn read_targets(
    paths: &[PathBuf],
    given: Option<SubjectKind>,
    arguments: &RunArguments,
    gate: &Gate,
    keep: &dyn Fn(&Path) -> bool,
) -> Targets {
    let configured = |path: &Path| if is_stdin(path) { None } else { gate.kind_of(path) };
    let choices = Choices {
        kind: &|path| given.or_else(|| configured(path)),
        keep: &|path| gate.keeps(path) && keep(path),
        other_files: match arguments.skip_other_files {
            true => OtherFiles::Skip,
            false => OtherFiles::Check,
        },
        aws_managed: match arguments.skip_aws_managed {
            true => AwsManaged::Skip,
            false => AwsManaged::Check,
        },
    };
    targets::read(paths, &choices)
}

/// Puts together what became of the policies and what could not be looked at, and says what of it counts.
pub(crate) fn make_report(
    kind: &'static RunKind,
    targets: Targets,
    outcomes: Vec<Outcome>,
    gate: &mut Gate,
) -> Report {
    let Targets { mut not_analyzed, mut unreadable, other_files, aws_managed, .. } = targets;
    let mut policies = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        match outcome {
            Ok(policy) => policies.push(policy),
            Err(entry) => not_analyzed.push(*entry),
        }
    }
    for entries in [&mut not_analyzed, &mut unreadable] {
        entries.sort();
        entries.dedup();
    }
    let judgement = gate.judge(&mut policies);
    Report {
        kind,
        policies,
        not_analyzed,
        unreadable,
        judgement,
        fail_on: gate.fail_on,
        compared: gate.compared,
        other_files,
        aws_managed,
        not_applicable: None,
        fixed: None,
    }
}

/// Writes the report to all its places.
pub(crate) fn write_reports(
    report: &Report,
    arguments: &RunArguments,
    output: &Output,
) -> anyhow::Result<()> {
    write_files(report, arguments, output)?;
    let mut writer = output.open_for_verdict()?;
    report
        .write(&mut writer, output.any_format, output)
        .and_then(|()| writer.flush())
        .map_err(|error| output.failed(error))
}

/// Writes the report to the files of `--report`.
pub(crate) fn write_files(
    report: &Report,
    arguments: &RunArguments,
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
    Ok(())
}

/// Says on standard error what must not be overlooked, and gives the exit code.
pub(crate) fn conclude(report: &Report, arguments: &RunArguments) -> ExitCode {
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
        eprintln!("warning: no policy was found{}", report.kind.asked_about);
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
