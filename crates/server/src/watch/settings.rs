//! What is watched, as it is configured.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the environment is read from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A snapshot folder, or a file of GetAccountAuthorizationDetails.
    Path(PathBuf),
    /// Live accounts, of which a snapshot is kept in a folder.
    Live {
        /// Which accounts, and how they are asked.
        accounts: Box<LiveAccounts>,
        /// The folder of the snapshot.
        folder: PathBuf,
    },
}

impl Source {
    /// The folder or file that is read.
    #[must_use]
    pub fn path(&self) -> &std::path::Path {
        match self {
            Self::Path(path) | Self::Live { folder: path, .. } => path,
        }
    }
}

/// Live accounts, with the options of `ringfence collect`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LiveAccounts {
    /// Whether live accounts are watched.
    pub enabled: bool,
    /// Read every active account of the organization.
    pub organization: bool,
    /// Only these accounts; without `organization`, these instead of the caller's own.
    pub accounts: Vec<String>,
    /// Only accounts below these organizational units.
    pub organizational_units: Vec<String>,
    /// None of these accounts.
    pub exclude: Vec<String>,
    /// Only these Regions; without any, all that are enabled.
    pub regions: Vec<String>,
    /// The role that is assumed in accounts other than the caller's.
    pub role_name: String,
    /// What these roles ask for besides.
    pub external_id: Option<String>,
    /// A profile of the shared configuration files.
    pub profile: Option<String>,
    /// Where every call goes, instead of AWS's endpoints.
    pub endpoint_url: Option<String>,
    /// Seconds between two readings of everything. What changes in between, the change queue tells.
    pub collect_interval_seconds: u64,
    /// Seconds that one attempt of a call may take.
    pub call_timeout_seconds: u64,
    /// How often a call is tried.
    pub max_attempts: u32,
}

impl Default for LiveAccounts {
    fn default() -> Self {
        Self {
            enabled: false,
            organization: false,
            accounts: Vec::new(),
            organizational_units: Vec::new(),
            exclude: Vec::new(),
            regions: Vec::new(),
            role_name: "RingfenceCollector".to_owned(),
            external_id: None,
            profile: None,
            endpoint_url: None,
            collect_interval_seconds: 6 * 3600,
            call_timeout_seconds: 30,
            max_attempts: 5,
        }
    }
}

impl LiveAccounts {
    /// How long after one reading of everything the next one begins.
    #[must_use]
    pub fn collect_interval(&self) -> Duration {
        Duration::from_secs(self.collect_interval_seconds.max(60))
    }
}

/// An SQS queue of change events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ChangeQueue {
    /// The URL of the queue; without one, changes are seen by the periodic scan only.
    pub url: Option<String>,
    /// Where its calls go, instead of AWS's endpoint.
    pub endpoint_url: Option<String>,
    /// A profile of the shared configuration files.
    pub profile: Option<String>,
    /// How often a message is received before it is set aside.
    pub most_receipts: u32,
    /// Seconds that a message stays hidden while it is dealt with.
    pub visibility_seconds: u64,
    /// How many resources are read at once.
    pub at_once: usize,
}

impl Default for ChangeQueue {
    fn default() -> Self {
        Self {
            url: None,
            endpoint_url: None,
            profile: None,
            most_receipts: 10,
            visibility_seconds: 60,
            at_once: 8,
        }
    }
}
