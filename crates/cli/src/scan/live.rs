//! `ringfence scan --live`: collects first, then scans what was collected.

use std::path::{Path, PathBuf};

use ringfence_access::inventory::Inventory;
use ringfence_collect_arguments::CollectOptions;
use ringfence_sources::read_snapshot;

use super::planned::Planned;
use crate::collect::{self, Ended};
use crate::exit::UsageError;

/// What belongs to `--live`.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Live accounts")]
pub(super) struct LiveArguments {
    /// Read a live account or organization instead of files
    #[arg(long, conflicts_with_all = ["targets", "alone"])]
    pub(super) live: bool,
    /// Keep the snapshot that --live takes in this folder
    #[arg(long, value_name = "DIR", requires = "live")]
    out: Option<PathBuf>,
    #[command(flatten)]
    options: CollectOptions,
}

/// How reading live ended.
pub(super) enum Live {
    Read(Box<Inventory>),
    /// Nothing could be read, and why was said already.
    Failed(u8),
}

impl LiveArguments {
    /// Options of a collection make sense with `--live` only.
    /// The Region of what is planned is named by the same option.
    pub(super) fn check(&self, planned: Planned) -> Result<(), UsageError> {
        let mut options = self.options.clone();
        if planned == Planned::Something {
            options.regions.clear();
        }
        if self.live || options == CollectOptions::default() {
            return Ok(());
        }
        Err(UsageError("options that say how to reach AWS need --live".to_owned()))
    }

    /// The first Region that is named.
    pub(super) fn region(&self) -> Option<&str> {
        self.options.regions.first().map(String::as_str)
    }

    /// Collects into the folder that was named, or into one that is gone afterwards.
    pub(super) fn read(&self) -> anyhow::Result<Live> {
        let folder = match &self.out {
            Some(out) => Folder::Kept(out.clone()),
            None => Folder::Passing(std::env::temp_dir().join(format!(
                "ringfence-live-{}-{}",
                std::process::id(),
                jiff::Timestamp::now().as_nanosecond()
            ))),
        };
        match collect::collect(&self.options, folder.path(), None)? {
            Ended::Written(_) => Ok(Live::Read(Box::new(read_snapshot(folder.path())?))),
            Ended::Failed(code) => Ok(Live::Failed(code)),
        }
    }
}

/// Where the snapshot lies.
enum Folder {
    Kept(PathBuf),
    Passing(PathBuf),
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Self::Kept(path) | Self::Passing(path) => path,
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Self::Passing(path) = self {
            // It holds what an outsider would like to know; nothing more can be done if it cannot be removed.
            let _ = std::fs::remove_dir_all(path);
        }
    }
}
