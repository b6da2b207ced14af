//! What is watched: files or live accounts, and the queue that tells of changes.

use clap::Args;

/// Where the environment is read from. Names and defaults are those of the configuration.
#[derive(Debug, Args)]
pub(crate) struct SourceArguments {
    /// The environment to watch: a snapshot folder, or a file of GetAccountAuthorizationDetails
    #[arg(long, value_name = "PATH", env = "RINGFENCE_SOURCE")]
    source: Option<String>,
    /// Watch live accounts: the caller's, or those of the options below; their snapshot is kept in the data folder
    #[arg(long, conflicts_with = "source", env = "RINGFENCE_LIVE")]
    live: bool,
    /// Watch every active account of the organization
    #[arg(long, requires = "live")]
    organization: bool,
    /// Watch only these accounts
    #[arg(long, value_name = "ID,…")]
    accounts: Option<String>,
    /// Watch only these Regions [default: those that are enabled]
    #[arg(long, value_name = "REGION,…")]
    regions: Option<String>,
    /// The role to assume in accounts other than the caller's [default: RingfenceCollector]
    #[arg(long, value_name = "NAME")]
    role_name: Option<String>,
    /// Where calls to live accounts go, instead of AWS's endpoints
    #[arg(long, value_name = "URL")]
    live_endpoint_url: Option<String>,
    /// Seconds between two readings of all live accounts [default: 21600]
    #[arg(long, value_name = "N")]
    collect_interval: Option<String>,
    /// How often a call to live accounts is tried [default: 5]
    #[arg(long, value_name = "N")]
    max_attempts: Option<String>,
    /// The URL of the SQS queue of change events
    #[arg(long, value_name = "URL", env = "RINGFENCE_CHANGE_QUEUE")]
    change_queue: Option<String>,
    /// Where calls to the change queue go, instead of AWS's endpoint
    #[arg(long, value_name = "URL")]
    change_queue_endpoint_url: Option<String>,
    /// How often a message is received before it is set aside [default: 10]
    #[arg(long, value_name = "N")]
    most_receipts: Option<String>,
    /// Seconds that a message stays hidden while it is dealt with [default: 60]
    #[arg(long, value_name = "N")]
    visibility: Option<String>,
}
