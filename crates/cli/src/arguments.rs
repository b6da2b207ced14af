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
    /// Checks and tries the rules that decide what is done about findings
    Rules(Forwarded),
    /// Shows, exports and checks the record of what was done about findings
    Audit(Forwarded),
    /// Shows what waits to be told to sinks, and tries again what was given up
    Events(Forwarded),
    /// Shows how notifications read, tests channels, and tries again what was given up
    Notify(Forwarded),
    /// Shows, approves, rejects and undoes what is done about findings
    Resolution(Forwarded),
    /// Plants a harmless finding in an account, follows it to the end, and cleans up
    Drill(Forwarded),
    /// Shows how the service is configured and where each value comes from
    Config(Forwarded),
    /// Looks at everything that the service needs, and says what is wrong
    Doctor(Forwarded),
    /// Writes all that the service keeps into one file, also while it runs
    Backup(Forwarded),
    /// Makes a store of a backup, in SQLite or PostgreSQL
    Restore(Forwarded),
    /// Says what archive rules would archive, and why a finding is archived
    ArchiveRules(Forwarded),
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
