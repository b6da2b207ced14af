//! `ringfence collect`: a snapshot of a live account or organization.
//!
//! The work is done by the program `ringfence-collect`, which lies beside this one. It is apart because it links the AWS
//! SDK, for which nobody should have to wait who only reads files.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};

use anyhow::Context;
use ringfence_collect_arguments::{CollectOptions, Incomplete};

use crate::exit;
use crate::program::COLLECTOR;

/// Writes a snapshot of a live account or organization
#[derive(Debug, clap::Args)]
#[command(long_about = LONG_ABOUT)]
pub(crate) struct CollectArguments {
    /// The snapshot folder to write
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Exit with 0 instead of 4 when something could not be read; with `absent`, only where it does not exist in the
    /// partition or Region
    #[arg(long, value_enum, value_name = "WHAT", num_args = 0..=1, require_equals = true, default_missing_value = "all")]
    allow_incomplete: Option<Incomplete>,
    #[command(flatten)]
    options: CollectOptions,
}

const LONG_ABOUT: &str = "\
Writes a snapshot of a live account or organization.

Credentials, profiles and regions are found as the AWS CLI finds them. What could not be read is listed in \
`snapshot.json`, and `ringfence scan` repeats it. A run that was broken off goes on where it stopped when the same \
command is given again, and a run into an older snapshot rewrites only what changed.";

/// How a collection ended.
pub(crate) enum Ended {
    /// The snapshot is there, whether or not everything could be read.
    Written(u8),
    /// It is not; why was said already.
    Failed(u8),
}

/// Collects; what the run says and how it ends is what the other program says and how it ends.
pub(crate) fn run(arguments: &CollectArguments) -> anyhow::Result<ExitCode> {
    let allowed = arguments.allow_incomplete.map(Incomplete::option);
    let (Ended::Written(code) | Ended::Failed(code)) =
        collect(&arguments.options, &arguments.out, allowed)?;
    Ok(ExitCode::from(code))
}

/// Writes a snapshot into a folder.
pub(crate) fn collect(
    options: &CollectOptions,
    out: &Path,
    more: Option<&str>,
) -> anyhow::Result<Ended> {
    let program = COLLECTOR.find()?;
    let mut command = Command::new(&program);
    command.args(options.command_line(out)).args(more);
    let status =
        command.status().with_context(|| format!("`{}` cannot be run", program.display()))?;
    Ok(ended(status))
}

fn ended(status: ExitStatus) -> Ended {
    match status.code().and_then(|code| u8::try_from(code).ok()) {
        Some(code @ (0 | exit::INCOMPLETE)) => Ended::Written(code),
        Some(code) => Ended::Failed(code),
        // A signal ended it.
        None => Ended::Failed(exit::FAILED),
    }
}
