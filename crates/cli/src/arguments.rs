//! The command line: one definition, from which help, completions and man pages come as well.

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use crate::check::CheckArguments;
use crate::checks_list::ChecksArguments;
use crate::explain::ExplainArguments;
use crate::generate::{CompletionsArguments, ManArguments};
use crate::lsp::LspArguments;
use crate::output::OutputOptions;
use crate::program::Forwarded;
use crate::prove::ProveArguments;
use crate::scan::ScanArguments;
use crate::simulate::SimulateArgs;
use crate::validate::ValidateArguments;

/// Finds what the policies of an AWS environment let outsiders do, and proves it.
#[derive(Debug, Parser)]
#[command(name = "ringfence", version, after_help = EXIT_CODES, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) output: OutputOptions,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done, nothing found, check passed
  1  failed: input unreadable, service unreachable
  2  wrong usage
  3  findings, or a check that failed or could not be decided
  4  nothing found, but something could not be analyzed";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Scan(ScanArguments),
    Simulate(SimulateArgs),
    Check(CheckArguments),
    Checks(ChecksArguments),
    Explain(ExplainArguments),
    Lsp(LspArguments),
    Validate(ValidateArguments),
    /// Prints the completions of a shell
    Completions(CompletionsArguments),
    /// Prints a manual page
    Man(ManArguments),
    /// Writes a snapshot of a live account or organization (not built yet)
    #[command(hide = true)]
    Collect(Anything),
    /// Writes and verifies the evidence of a verdict
    Prove(ProveArguments),
    /// Runs the service: Access Analyzer's API for AWS's own clients
    Serve(Forwarded),
    /// Makes and ends the keys that clients of the service sign with
    Keys(Forwarded),
}

/// Commands that have their name already and do nothing yet. The list only gets shorter.
pub(crate) const NOT_BUILT: &[&str] = &["collect"];

/// Whatever stands behind the name of a command that is not built.
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Anything {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    _ignored: Vec<OsString>,
}

/// What a command of [`NOT_BUILT`] says.
pub(crate) fn not_built(name: &str) -> String {
    let all = NOT_BUILT.join(", ");
    format!("`ringfence {name}` is not built yet; the commands that are not are {all}")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn what_is_not_built_gets_less() {
        let at_most = ["collect"];
        assert!(NOT_BUILT.iter().all(|name| at_most.contains(name)), "{NOT_BUILT:?}");
        for command in Arguments::command().get_subcommands() {
            assert_eq!(command.is_hide_set(), NOT_BUILT.contains(&command.get_name()), "{command}");
        }
    }
}
