//! The command line of collection: what `ringfence collect` and `ringfence scan --live` take, and what they hand to the
//! program `ringfence-collect`, which links the AWS SDK so that they do not have to.
//!
//! One definition serves both sides, so that help, completions and the hand-over cannot differ.

use std::ffi::OsString;
use std::path::Path;

/// The name of the program that collects.
pub const PROGRAM: &str = "ringfence-collect";

/// How to build it.
pub const BUILD_COMMAND: &str = "cargo build --release -p ringfence-collect";

/// What of an incomplete result is as good as a complete one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Incomplete {
    /// Whatever is missing
    All,
    /// What AWS does not have in a partition or Region
    Absent,
}

impl Incomplete {
    /// Whether a result is covered from which something is missing, `is_unread` beside what AWS does not have.
    #[must_use]
    pub fn covers(self, is_unread: bool) -> bool {
        self == Self::All || !is_unread
    }

    /// The option as a command line has it.
    #[must_use]
    pub fn option(self) -> &'static str {
        match self {
            Self::All => "--allow-incomplete",
            Self::Absent => "--allow-incomplete=absent",
        }
    }
}

/// What to collect, and how.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
#[group(id = "collection")]
pub struct CollectOptions {
    /// A profile of the AWS configuration files
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Where all calls go, instead of AWS's endpoints
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// Regions to read, or `all` [default: all that the account has enabled]
    #[arg(long = "region", value_name = "REGION", value_delimiter = ',')]
    pub regions: Vec<String>,
    /// Read every account of the organization
    #[arg(long)]
    pub organization: bool,
    /// Read these accounts only, each by its role
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = account)]
    pub accounts: Vec<String>,
    /// Read the accounts below this organizational unit or root only
    #[arg(long = "ou", value_name = "ID", value_delimiter = ',')]
    pub units: Vec<String>,
    /// Leave out these accounts
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = account)]
    pub exclude: Vec<String>,
    /// The role to assume in accounts other than the caller's
    #[arg(long, value_name = "NAME", default_value = DEFAULT_ROLE)]
    pub role_name: String,
    /// The external id that those roles ask for
    #[arg(long, value_name = "TEXT")]
    pub external_id: Option<String>,
    /// Accounts to read at once
    #[arg(long, value_name = "NUMBER", default_value_t = 8)]
    pub parallel_accounts: usize,
    /// Calls in flight for one account
    #[arg(long, value_name = "NUMBER", default_value_t = 32)]
    pub calls_per_account: usize,
    /// Calls in flight for one service in one region of one account
    #[arg(long, value_name = "NUMBER", default_value_t = 8)]
    pub calls_per_service: usize,
    /// Seconds that one attempt of a call may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub call_timeout: u64,
    /// How often a call is tried before it counts as failed
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    pub max_attempts: u32,
}

/// The role that `deploy/` installs.
pub const DEFAULT_ROLE: &str = "RingfenceCollector";

fn account(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err("an account id has twelve digits".to_owned())
    }
}

impl Default for CollectOptions {
    /// What an empty command line gives.
    fn default() -> Self {
        Self {
            profile: None,
            endpoint_url: None,
            regions: Vec::new(),
            organization: false,
            accounts: Vec::new(),
            units: Vec::new(),
            exclude: Vec::new(),
            role_name: DEFAULT_ROLE.to_owned(),
            external_id: None,
            parallel_accounts: 8,
            calls_per_account: 32,
            calls_per_service: 8,
            call_timeout: 30,
            max_attempts: 5,
        }
    }
}

impl CollectOptions {
    /// The command line by which [`PROGRAM`] writes what these options say into a folder.
    #[must_use]
    pub fn command_line(&self, out: &Path) -> Vec<OsString> {
        let mut line: Vec<OsString> = vec!["--out".into(), out.into()];
        let texts = [
            ("--profile", &self.profile),
            ("--endpoint-url", &self.endpoint_url),
            ("--external-id", &self.external_id),
        ];
        for (name, value) in texts {
            if let Some(value) = value {
                line.push(format!("{name}={value}").into());
            }
        }
        let lists = [
            ("--region", &self.regions),
            ("--accounts", &self.accounts),
            ("--ou", &self.units),
            ("--exclude", &self.exclude),
        ];
        for (name, values) in lists {
            line.extend(values.iter().map(|value| format!("{name}={value}").into()));
        }
        if self.organization {
            line.push("--organization".into());
        }
        line.push(format!("--role-name={}", self.role_name).into());
        let numbers = [
            ("--parallel-accounts", self.parallel_accounts as u64),
            ("--calls-per-account", self.calls_per_account as u64),
            ("--calls-per-service", self.calls_per_service as u64),
            ("--call-timeout", self.call_timeout),
            ("--max-attempts", u64::from(self.max_attempts)),
        ];
        line.extend(numbers.iter().map(|(name, number)| format!("{name}={number}").into()));
        line
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Arguments {
        #[arg(long)]
        out: PathBuf,
        #[command(flatten)]
        options: CollectOptions,
    }

    #[test]
    fn the_default_is_the_empty_command_line() {
        let given = Arguments::parse_from(["collect", "--out=folder"]);
        assert_eq!(given.options, CollectOptions::default());
    }

    #[test]
    fn the_hand_over_loses_nothing() {
        let given = Arguments::parse_from([
            "collect",
            "--out=folder",
            "--profile=-p",
            "--endpoint-url=http://localhost:5000",
            "--region=eu-west-1,eu-central-1",
            "--organization",
            "--accounts=111111111111",
            "--accounts=222222222222",
            "--ou=ou-ab12-cd34",
            "--exclude=333333333333",
            "--role-name=Reader",
            "--external-id=a b",
            "--parallel-accounts=2",
            "--calls-per-account=3",
            "--calls-per-service=4",
            "--call-timeout=5",
            "--max-attempts=6",
        ]);
        let line = given.options.command_line(&given.out);
        let received = Arguments::parse_from([vec!["collect".into()], line].concat());
        assert_eq!(format!("{given:?}"), format!("{received:?}"));
    }
}
