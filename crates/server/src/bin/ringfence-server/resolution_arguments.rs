//! The command line of `ringfence resolution`.

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use ringfence_response::workflow::ResolutionState;

use crate::arguments::DataArguments;

/// Shows, approves, rejects and undoes resolutions
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct ResolutionArguments {
    #[command(subcommand)]
    pub(crate) command: ResolutionCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ResolutionCommand {
    /// Lists resolutions, newest first
    List(ListArguments),
    /// Shows one: its plan, the proof, where it stands
    Show(OneArguments),
    /// Shows the whole record of its finding
    History(OneArguments),
    /// Approves its plan
    Approve(ApproveArguments),
    /// Rejects its plan
    Reject(ActArguments),
    /// Takes what was written back
    Rollback(RollbackArguments),
    /// Says that the access was intended: leaves an archive rule, then takes what was written back
    Intended(ActArguments),
    /// Shows what a role is and what else uses it; with --yes deletes it
    DeleteRole(DeleteRoleArguments),
    /// Lists what came in and waits, or was set aside because it cannot be dealt with
    Hints(HintsArguments),
    /// Stops all changes to accounts
    Stop(SwitchArguments),
    /// Lets changes go on
    Start(SwitchArguments),
}

#[derive(Debug, Args)]
pub(crate) struct StoreArguments {
    #[command(flatten)]
    pub(crate) data: DataArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Only those in this state
    #[arg(long, value_name = "STATE", value_parser = state)]
    pub(crate) state: Option<ResolutionState>,
    /// Only those of this resource
    #[arg(long, value_name = "ARN", default_value = "")]
    pub(crate) resource: String,
    /// Only those of this finding
    #[arg(long, value_name = "ID", default_value = "")]
    pub(crate) finding: String,
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Form,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Form {
    /// For people
    Table,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct OneArguments {
    /// The resolution's id
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
}

/// Who acts, and for how long the command waits.
#[derive(Debug, Args)]
pub(crate) struct Acting {
    /// Who wants it, for the record [default: who is logged in]
    #[arg(
        long = "as",
        value_name = "NAME",
        env = "USER",
        default_value = "local",
        hide_env_values = true
    )]
    pub(crate) who: String,
    /// Seconds to wait for the service to do it; 0 not to wait
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub(crate) wait: u64,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ActArguments {
    /// The resolution's id
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) acting: Acting,
}

#[derive(Debug, Args)]
pub(crate) struct ApproveArguments {
    /// The resolution's id
    pub(crate) id: String,
    /// The hash of the plan, or its first 8 characters: another plan is not approved
    #[arg(long, value_name = "HASH")]
    pub(crate) plan: Option<String>,
    /// Refuse it where the same person asked for it
    #[arg(long)]
    pub(crate) differ: bool,
    #[command(flatten)]
    pub(crate) acting: Acting,
}

#[derive(Debug, Args)]
pub(crate) struct RollbackArguments {
    /// The resolutions' ids
    #[arg(required_unless_present = "all_since")]
    pub(crate) ids: Vec<String>,
    /// All that were written to an account at this time or later, as 2026-01-31T12:00:00Z
    #[arg(long, value_name = "TIME", conflicts_with = "ids")]
    pub(crate) all_since: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) acting: Acting,
}

#[derive(Debug, Args)]
pub(crate) struct DeleteRoleArguments {
    /// The resolution's id
    pub(crate) id: String,
    /// Delete it, having seen what else uses it
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) acting: Acting,
}

#[derive(Debug, Args)]
pub(crate) struct HintsArguments {
    /// Only those that were set aside
    #[arg(long)]
    pub(crate) poison: bool,
    /// Try those again that were set aside
    #[arg(long)]
    pub(crate) retry: bool,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
}

#[derive(Debug, Args)]
pub(crate) struct SwitchArguments {
    #[command(flatten)]
    pub(crate) acting: Acting,
}

fn state(text: &str) -> Result<ResolutionState, String> {
    ResolutionState::parse(text).ok_or_else(|| {
        let names: Vec<&str> = ResolutionState::ALL.iter().map(|own| own.as_str()).collect();
        format!("use one of {}", names.join(", "))
    })
}
