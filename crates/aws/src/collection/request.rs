//! What a run is asked for, and what it answers.

use std::path::PathBuf;
use std::sync::Arc;

use super::absent::Absent;
use super::limits::Limits;
use super::not_read::NotRead;
use super::progress::Progress;
use super::regions::RegionChoice;
use crate::connection::Access;

/// What to collect, and where to put it.
#[derive(Clone, Debug)]
pub struct Request {
    /// The snapshot folder.
    pub out: PathBuf,
    /// How to reach AWS.
    pub access: Access,
    /// Which accounts.
    pub accounts: AccountChoice,
    /// Which regions.
    pub regions: RegionChoice,
    /// The role to assume in accounts other than the caller's.
    pub role_name: String,
    /// What those roles ask for besides.
    pub external_id: Option<String>,
    /// How much at once.
    pub limits: Limits,
    /// Where counts go while the run goes on.
    pub progress: Arc<Progress>,
    /// Who writes the snapshot, such as `ringfence collect 0.1.0`.
    pub created_by: String,
}

/// Which accounts to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChoice {
    /// The organization, of which the following choose a part.
    pub organization: bool,
    /// Only these accounts. Without an organization, these instead of the caller's.
    pub accounts: Vec<String>,
    /// Only accounts below these units.
    pub units: Vec<String>,
    /// None of these.
    pub exclude: Vec<String>,
}

/// What a finished run did.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// Accounts in the snapshot.
    pub accounts: usize,
    /// Accounts that an earlier run, which was broken off, had finished.
    pub resumed: usize,
    /// Resources in the snapshot.
    pub resources: usize,
    /// What could not be read.
    pub not_read: Vec<NotRead>,
    /// What does not exist in the partition or a Region of it. The snapshot lacks nothing because of it.
    pub absent: Vec<Absent>,
}
