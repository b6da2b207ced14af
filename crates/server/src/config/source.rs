//! `[source]`.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::watch::{self, ChangeQueue, LiveAccounts};

/// The environment that is watched.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Source {
    /// A snapshot folder, or a file of GetAccountAuthorizationDetails.
    pub path: Option<PathBuf>,
    /// Seconds after which everything is looked at again although the source has not changed.
    pub scan_interval_seconds: u64,
    /// Live accounts, in the place of files.
    pub live: LiveAccounts,
    /// The queue that tells of changes.
    pub changes: ChangeQueue,
}

impl Default for Source {
    fn default() -> Self {
        Self {
            path: None,
            scan_interval_seconds: 24 * 3600,
            live: LiveAccounts::default(),
            changes: ChangeQueue::default(),
        }
    }
}

impl Source {
    /// What is watched; live accounts have their snapshot in the data folder.
    pub(crate) fn source(&self, data: &Path) -> Option<watch::Source> {
        if self.live.enabled {
            let accounts = Box::new(self.live.clone());
            return Some(watch::Source::Live { accounts, folder: data.join("snapshot") });
        }
        self.path.clone().map(watch::Source::Path)
    }
}
