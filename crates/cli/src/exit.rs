//! Exit codes, and what is said when a run fails.
//!
//! | Code | Meaning |
//! |---|---|
//! | 0 | done, nothing found, check passed |
//! | 1 | the run failed: input unreadable, service unreachable |
//! | 2 | wrong usage |
//! | 3 | findings, or a check that failed or was not decided |
//! | 4 | nothing found, but something could not be analyzed |

use std::io::{self, ErrorKind};
use std::process::ExitCode;

use crate::text::visible;

/// The run failed.
pub(crate) const FAILED: u8 = 1;
/// The command line makes no sense.
pub(crate) const USAGE: u8 = 2;
/// Something was found, or a check did not pass.
pub(crate) const FOUND: u8 = 3;
/// Nothing was found in what could be analyzed, which was not everything.
pub(crate) const INCOMPLETE: u8 = 4;

/// A command line that can be parsed and makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("{0}; `--help` shows how it is used")]
pub(crate) struct UsageError(pub(crate) String);

/// Several errors that are reported together, a line each.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub(crate) struct Errors(pub(crate) Vec<String>);

/// Says on standard error why the run failed, a line for each problem, and gives its exit code.
///
/// A reader of standard output that has gone away is not worth a word.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    if !is_broken_pipe(error) {
        for line in told(error).lines() {
            eprintln!("error: {}", visible(line));
        }
    }
    let is_usage = error.downcast_ref::<UsageError>().is_some();
    ExitCode::from(if is_usage { USAGE } else { FAILED })
}

/// The error and its causes, without those that an error above them tells already.
pub(crate) fn told(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let own = cause.to_string();
        if text.is_empty() {
            text = own;
        } else if !text.ends_with(&own) {
            text = format!("{text}: {own}");
        }
    }
    text
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let in_json = cause.downcast_ref().and_then(serde_json::Error::io_error_kind);
        kind.or(in_json) == Some(ErrorKind::BrokenPipe)
    })
}
