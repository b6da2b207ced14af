//! The command line. Every option can be given by an environment variable as well.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use ringfence_policy::AccountId;
use ringfence_server::config::Given;

use crate::source::SourceArguments;

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
    Rules(crate::rules::RulesArguments),
    Audit(crate::audit::AuditArguments),
    Events(crate::events::EventsArguments),
    Notify(crate::notify::NotifyArguments),
    Resolution(crate::resolution_arguments::ResolutionArguments),
    Drill(crate::drill::DrillArguments),
    Config(ConfigArguments),
    Doctor(DoctorArguments),
    Backup(BackupArguments),
    Restore(RestoreArguments),
    #[command(name = "archive-rules")]
    ArchiveRules(ArchiveRulesArguments),
}

/// Where the service keeps what outlives it. Flags and variables go over the file of configuration; their names are in
/// `ringfence_server::config::FLAGS`, and what holds without them in `ringfence_server::config`.
#[derive(Debug, Args)]
pub(crate) struct DataArguments {
    /// A file of configuration (TOML); `ringfence config show` says what holds
    #[arg(long, value_name = "FILE", env = "RINGFENCE_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// The folder of what the service keeps [default: ringfence-data]
    #[arg(long, value_name = "DIR", env = "RINGFENCE_DATA")]
    data: Option<String>,
    /// A PostgreSQL database [default: SQLite in the data folder]
    #[arg(long, value_name = "URL", env = "RINGFENCE_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// The file of the key that secrets are encrypted under, made where it is not there
    /// [default: `encryption.key` in the data folder]; RINGFENCE_ENCRYPTION_KEY in the environment, 32 bytes in Base64,
    /// stands for a file
    #[arg(long, value_name = "FILE", env = "RINGFENCE_ENCRYPTION_KEY_FILE")]
    encryption_key_file: Option<String>,
}

impl DataArguments {
    /// What was given, flag or variable.
    pub(crate) fn given(&self) -> Vec<Given> {
        [
            ("data", &self.data),
            ("database", &self.database),
            ("encryption_key_file", &self.encryption_key_file),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some(Given { name: name.to_owned(), value: value.clone()? }))
        .collect()
    }
}

/// Runs the service
#[derive(Debug, Args)]
#[command(
    long_about = "Runs the service: Access Analyzer's API for AWS's own clients.\n\nIt listens on a loopback \
    address unless told otherwise, and prints its URL once it does. Clients sign their requests with a key of \
    `ringfence keys create`. SIGTERM and Ctrl-C end it once running requests are answered.\n\nWhat is not given as a \
    flag is read from the environment, then from the file that --config names; every key of the file can be given as \
    RINGFENCE_SECTION__KEY."
)]
pub(crate) struct ServeArguments {
    /// Address and port; port 0 takes a free one [default: 127.0.0.1:8787]
    #[arg(long, value_name = "ADDRESS", env = "RINGFENCE_LISTEN")]
    listen: Option<String>,
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    source: SourceArguments,
    /// Seconds after which everything is looked at again although the source has not changed [default: 86400]
    #[arg(long, value_name = "N", env = "RINGFENCE_SCAN_INTERVAL")]
    scan_interval: Option<String>,
    /// The Region that requests are signed for [default: us-east-1]
    #[arg(long, value_name = "REGION", env = "RINGFENCE_REGION")]
    region: Option<String>,
    /// The partition of ARNs: aws, aws-cn or aws-us-gov [default: aws]
    #[arg(long, value_name = "NAME", env = "RINGFENCE_PARTITION")]
    partition: Option<String>,
    /// The certificate and those above it, as PEM
    #[arg(long, value_name = "FILE", env = "RINGFENCE_TLS_CERTIFICATE")]
    tls_certificate: Option<String>,
    /// The certificate's private key, as PEM
    #[arg(long, value_name = "FILE", env = "RINGFENCE_TLS_KEY")]
    tls_key: Option<String>,
    /// Listen without TLS on an address that others reach
    #[arg(long, conflicts_with = "tls_certificate")]
    allow_plaintext: bool,
    /// Requests a second that each key may make [default: 100]
    #[arg(long, value_name = "N", env = "RINGFENCE_REQUESTS_PER_SECOND")]
    requests_per_second: Option<String>,
    /// Bytes that a request's body may have [default: 8388608]
    #[arg(long, value_name = "N", env = "RINGFENCE_MAX_BODY_BYTES")]
    max_body_bytes: Option<String>,
    /// Seconds that a request may take [default: 30]
    #[arg(long, value_name = "N", env = "RINGFENCE_REQUEST_TIMEOUT")]
    request_timeout: Option<String>,
    /// The form of the log, on standard error: text or json [default: text]
    #[arg(long, value_name = "FORM", env = "RINGFENCE_LOG_FORMAT")]
    log_format: Option<String>,
    /// What happens to archive rules that could hide a public exposure: off, warn or enforce [default: warn]
    #[arg(long, value_name = "HOW", env = "RINGFENCE_BROAD_ARCHIVE_RULES")]
    broad_archive_rules: Option<String>,
}

/// Shows how the service is configured
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct ConfigArguments {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Prints every key with its value and where that came from; secrets are not printed
    Show(Box<ShowArguments>),
    /// Prints the JSON Schema of the file
    Schema,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// The form of the output
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
    #[command(flatten)]
    serve: ServeArguments,
}

/// Looks at everything that the service needs, and says what is wrong
#[derive(Debug, Args)]
#[command(
    long_about = "Looks at everything that the service needs, and changes nothing: data folder, encryption key, room on \
    the disk, database, clock, keys, events, archive rules, source, certificate, versions.\n\nExit code 0 where nothing is \
    wrong, warnings included; 3 where there is a problem."
)]
pub(crate) struct DoctorArguments {
    /// The form of the output
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
    #[command(flatten)]
    serve: ServeArguments,
}

/// Writes all that the store has into one file, also while the service runs
#[derive(Debug, Args)]
pub(crate) struct BackupArguments {
    /// The file to write; it must not be there
    pub(crate) file: PathBuf,
    #[command(flatten)]
    data: DataArguments,
}

/// Makes a store of a backup, in SQLite or PostgreSQL
#[derive(Debug, Args)]
pub(crate) struct RestoreArguments {
    /// The file of `ringfence backup`
    pub(crate) file: PathBuf,
    #[command(flatten)]
    data: DataArguments,
}

/// Looks at archive rules
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct ArchiveRulesArguments {
    #[command(subcommand)]
    pub(crate) command: ArchiveRulesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ArchiveRulesCommand {
    /// Prints what a rule would archive if it were applied now; nothing is changed
    DryRun(DryRunArguments),
    /// Prints who archived a finding and why, with everything else that is known of it (JSON)
    Explain(ExplainArguments),
}

#[derive(Debug, Args)]
pub(crate) struct DryRunArguments {
    /// The analyzer
    #[arg(long, value_name = "ARN")]
    pub(crate) analyzer: String,
    /// A rule of the analyzer
    #[arg(
        long,
        value_name = "NAME",
        required_unless_present = "filter",
        conflicts_with = "filter"
    )]
    pub(crate) rule: Option<String>,
    /// A file with the filter of a rule that is not made yet, as in CreateArchiveRule
    #[arg(long, value_name = "FILE")]
    pub(crate) filter: Option<PathBuf>,
    /// The form of the output
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
    #[command(flatten)]
    data: DataArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The id of the finding
    pub(crate) id: String,
    /// The analyzer
    #[arg(long, value_name = "ARN")]
    pub(crate) analyzer: String,
    #[command(flatten)]
    data: DataArguments,
}

/// The form of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// For programs
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Arguments::command().debug_assert();
    }

    /// Flags and variables of `serve` are those that the configuration knows.
    #[test]
    fn flags_and_variables_are_those_of_the_configuration() {
        let command = Arguments::command();
        let serve = command.find_subcommand("serve").unwrap();
        let of_config = ["config", "help"];
        let mut here: Vec<(String, Option<String>)> = serve
            .get_arguments()
            .filter(|own| !of_config.contains(&own.get_id().as_str()))
            .map(|own| {
                let variable = own.get_env().map(|name| name.to_str().unwrap().to_owned());
                (own.get_id().to_string(), variable)
            })
            .collect();
        let mut there: Vec<(String, Option<String>)> = ringfence_server::config::FLAGS
            .iter()
            .filter_map(|own| Some((own.flag?.to_owned(), own.variable.map(str::to_owned))))
            .collect();
        here.sort();
        there.sort();
        assert_eq!(here, there);
    }
}
