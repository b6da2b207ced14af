//! The command line: one definition, from which help, completions and man pages come as well.

use clap::{Parser, Subcommand};

use crate::check::CheckArguments;
use crate::checks_list::ChecksArguments;
use crate::collect::CollectArguments;
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
    Scan(Box<ScanArguments>),
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
    Collect(Box<CollectArguments>),
    /// Writes and verifies the evidence of a verdict
    Prove(ProveArguments),
    /// Runs the service: Access Analyzer's API for AWS's own clients
    Serve(Forwarded),
    /// Makes and ends the keys that clients of the service sign with
    Keys(Forwarded),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Arguments::command().debug_assert();
    }
}
