//! Where repaired policies go: into their files, to standard output, or nowhere but into a diff.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Context;
use ringfence_policy::location::LineIndex;
use similar::TextDiff;

use super::FixedPolicy;
use super::tell::{tell, tell_of_others};
use crate::exit::{self, UsageError};
use crate::output::{AnyFormat, Output};
use crate::policy_file::is_stdin;
use crate::text::visible;
use crate::validate::arguments::{RunArguments, ValidateArguments};
use crate::validate::report::Report;
use crate::validate::run;
use crate::validate::targets::Targets;

/// What becomes of the repaired policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::validate) enum Destination {
    /// The files they come from; standard output for standard input.
    Files,
    /// Nothing is written but what would change.
    Diff,
}

/// Refuses to write two things to standard output.
pub(in crate::validate) fn check_places(
    arguments: &ValidateArguments,
    destination: Destination,
    output: &Output,
) -> Result<(), UsageError> {
    let is_table = output.any_format == AnyFormat::Table;
    let has_stdin = arguments.targets.iter().any(|path| is_stdin(path));
    let problem = match destination {
        Destination::Diff if !is_table => "--dry-run writes a diff and has no other --format",
        Destination::Files if has_stdin && output.is_standard_output() && !is_table => {
            "--fix writes what comes from standard input to standard output; name a file for the result with --output"
        }
        Destination::Diff | Destination::Files => return Ok(()),
    };
    Err(UsageError(problem.to_owned()))
}

/// Writes the repaired text of standard input, where it is among the policies, and the report. Where both would go to
/// standard output, the report goes to standard error.
pub(in crate::validate) fn write_results(
    fixed: &[FixedPolicy],
    report: &Report,
    arguments: &RunArguments,
    output: &Output,
) -> anyhow::Result<()> {
    tell_of_others(&report.policies);
    let Some(own) = fixed.iter().find(|own| is_stdin(&own.path)) else {
        return run::write_reports(report, arguments, output);
    };
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(own.after.as_bytes()).and_then(|()| stdout.flush());
    written.context("standard output cannot be written")?;
    if !output.is_standard_output() {
        return run::write_reports(report, arguments, output);
    }
    run::write_files(report, arguments, output)?;
    let mut stderr = io::stderr().lock();
    let written = report.write(&mut stderr, AnyFormat::Table, &output.beside());
    written.context("standard error cannot be written")
}

/// Writes what would change, says on standard error what could not be looked at, and gives the exit code.
pub(in crate::validate) fn conclude_diff(
    fixed: &[FixedPolicy],
    targets: &Targets,
    arguments: &RunArguments,
    output: &Output,
) -> anyhow::Result<ExitCode> {
    let mut writer = output.open_for_verdict()?;
    write_diff(fixed, &mut writer)
        .and_then(|()| writer.flush())
        .map_err(|error| output.failed(error))?;
    tell(fixed, Destination::Diff);
    for entry in targets.unreadable.iter().chain(&targets.not_analyzed) {
        eprintln!("error: {}", visible(&entry.reason));
    }
    let broken = fixed.iter().filter(|own| tell_of_broken(own)).count();
    Ok(if !targets.unreadable.is_empty() {
        ExitCode::from(exit::FAILED)
    } else if broken > 0 || fixed.iter().any(FixedPolicy::is_changed) {
        ExitCode::from(exit::FOUND)
    } else if !targets.not_analyzed.is_empty() && !arguments.allow_incomplete {
        ExitCode::from(exit::INCOMPLETE)
    } else {
        ExitCode::SUCCESS
    })
}

/// Says that a policy is not JSON, so that an empty diff does not look like a policy without faults.
fn tell_of_broken(own: &FixedPolicy) -> bool {
    let Some(problem) = ringfence_policy::json::parse(&own.before).diagnostics.into_iter().next()
    else {
        return false;
    };
    let place = LineIndex::new(&own.before).position(problem.span.start);
    let (file, why) = (visible(&own.file), visible(&problem.message));
    eprintln!(
        "error: {file}:{}:{}: nothing can be repaired before the policy is JSON: {why}",
        place.line, place.column
    );
    true
}

/// Writes what changes, as a unified diff.
fn write_diff(fixed: &[FixedPolicy], writer: &mut impl Write) -> io::Result<()> {
    let mut diffs = Vec::new();
    for own in fixed.iter().filter(|own| own.is_changed()) {
        let diff = TextDiff::from_lines(&own.before, &own.after);
        let name = visible(&own.file); // Line ends would break the diff.
        diff.unified_diff().header(&name, &name).to_writer(&mut diffs)?;
    }
    if !io::stdout().is_terminal() {
        return writer.write_all(&diffs);
    }
    // What a policy says must not reach a terminal as it is.
    for line in String::from_utf8_lossy(&diffs).lines() {
        writeln!(writer, "{}", visible(line.trim_end_matches('\r')))?;
    }
    Ok(())
}
