//! The command line. Every option can be given by an environment variable as well.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use ringfence_policy::{AccountId, Partition};

/// Access Analyzer's API, served from your own machine.
#[derive(Debug, Parser)]
#[command(name = "ringfence-server", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Serve(ServeArguments),
    Keys(KeysArguments),
}

/// Where the service keeps what outlives it.
#[derive(Debug, Args)]
pub(crate) struct DataArguments {
    /// The folder of what the service keeps
    #[arg(long, value_name = "DIR", env = "RINGFENCE_DATA", default_value = "ringfence-data")]
    pub(crate) data: PathBuf,
    /// The file of the key that secrets are encrypted under, made where it is not there
    /// [default: `encryption.key` in the data folder]; RINGFENCE_ENCRYPTION_KEY in the environment, 32 bytes in Base64,
    /// stands for a file
    #[arg(long, value_name = "FILE", env = "RINGFENCE_ENCRYPTION_KEY_FILE")]
    pub(crate) encryption_key_file: Option<PathBuf>,
}

/// Runs the service
#[derive(Debug, Args)]
#[command(
    long_about = "Runs the service: Access Analyzer's API for AWS's own clients.\n\nIt listens on a loopback \
    address unless told otherwise, and prints its URL once it does. Clients sign their requests with a key of \
    `ringfence keys create`. SIGTERM and Ctrl-C end it once running requests are answered."
)]
pub(crate) struct ServeArguments {
    /// Address and port; port 0 takes a free one
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "RINGFENCE_LISTEN",
        default_value = "127.0.0.1:8787"
    )]
    pub(crate) listen: SocketAddr,
    #[command(flatten)]
    pub(crate) data: DataArguments,
    /// The environment to watch: a snapshot folder, or a file of GetAccountAuthorizationDetails
    #[arg(long, value_name = "PATH", env = "RINGFENCE_SOURCE")]
    pub(crate) source: Option<PathBuf>,
    /// Seconds after which everything is looked at again although the source has not changed
    #[arg(long, value_name = "N", env = "RINGFENCE_SCAN_INTERVAL", default_value_t = 24 * 3600)]
    pub(crate) scan_interval: u64,
    /// A PostgreSQL database [default: SQLite in the data folder]
    #[arg(long, value_name = "URL", env = "RINGFENCE_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// The Region that requests are signed for
    #[arg(long, value_name = "REGION", env = "RINGFENCE_REGION", default_value = "us-east-1")]
    pub(crate) region: String,
    /// The partition of ARNs
    #[arg(long, value_name = "NAME", env = "RINGFENCE_PARTITION", default_value = "aws", value_parser = partition)]
    pub(crate) partition: Partition,
    /// The certificate and those above it, as PEM
    #[arg(long, value_name = "FILE", env = "RINGFENCE_TLS_CERTIFICATE", requires = "tls_key")]
    pub(crate) tls_certificate: Option<PathBuf>,
    /// The certificate's private key, as PEM
    #[arg(long, value_name = "FILE", env = "RINGFENCE_TLS_KEY", requires = "tls_certificate")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Listen without TLS on an address that others reach
    #[arg(long, conflicts_with = "tls_certificate")]
    pub(crate) allow_plaintext: bool,
    /// Requests a second that each key may make
    #[arg(long, value_name = "N", env = "RINGFENCE_REQUESTS_PER_SECOND", default_value_t = 100)]
    pub(crate) requests_per_second: u32,
    /// Bytes that a request's body may have
    #[arg(long, value_name = "N", env = "RINGFENCE_MAX_BODY_BYTES", default_value_t = 8 << 20)]
    pub(crate) max_body_bytes: usize,
    /// Seconds that a request may take
    #[arg(long, value_name = "N", env = "RINGFENCE_REQUEST_TIMEOUT", default_value_t = 30)]
    pub(crate) request_timeout: u64,
    /// The form of the log, on standard error
    #[arg(long, value_enum, env = "RINGFENCE_LOG_FORMAT", default_value = "text")]
    pub(crate) log_format: LogFormat,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people
    Text,
    /// A JSON object a line
    Json,
}

/// Makes and ends the keys that clients sign with
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct KeysArguments {
    #[command(subcommand)]
    pub(crate) command: KeysCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Makes a key and prints it; its secret cannot be printed again
    Create(CreateArguments),
    /// Prints the keys, without their secrets
    List(DataArguments),
    /// Makes a new key for the user of another one, which ends after a while
    Rotate(RotateArguments),
    /// Ends a key at once
    Revoke(RevokeArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CreateArguments {
    /// The account that the key acts in
    #[arg(long, value_name = "ID", value_parser = account)]
    pub(crate) account: AccountId,
    /// Who uses it
    #[arg(long, value_name = "NAME", default_value = "ringfence")]
    pub(crate) name: String,
    /// The file of its IAM policy over `access-analyzer:*` actions; what it does not allow is denied
    #[arg(long, value_name = "FILE", required_unless_present = "full_access")]
    pub(crate) policy: Option<PathBuf>,
    /// Allow everything instead
    #[arg(long, conflicts_with = "policy")]
    pub(crate) full_access: bool,
    #[command(flatten)]
    pub(crate) data: DataArguments,
}

#[derive(Debug, Args)]
pub(crate) struct RotateArguments {
    /// The id of the key
    pub(crate) id: String,
    /// Hours for which the old key is still accepted
    #[arg(long, value_name = "HOURS", default_value_t = 24)]
    pub(crate) keep_old: u32,
    #[command(flatten)]
    pub(crate) data: DataArguments,
}

#[derive(Debug, Args)]
pub(crate) struct RevokeArguments {
    /// The id of the key
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) data: DataArguments,
}

fn account(text: &str) -> Result<AccountId, String> {
    AccountId::new(text).ok_or_else(|| "an account id has twelve digits".to_owned())
}

fn partition(text: &str) -> Result<Partition, String> {
    Partition::new(text).ok_or_else(|| "use aws, aws-cn or aws-us-gov".to_owned())
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
