//! `ringfence.toml` in the editor's folders: what counts for `ringfence validate` there counts in the editor.
//!
//! The files are read again when they have changed, which is looked at before diagnostics are made.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use percent_encoding::percent_decode_str;

use crate::exit::told;
use crate::validate::gate::Gate;

/// The configurations of the editor's folders.
#[derive(Default)]
pub(super) struct Configurations {
    folders: Vec<Folder>,
}

struct Folder {
    path: PathBuf,
    /// What the file looked like when it was read last.
    stamp: Option<Stamp>,
    gate: Option<Gate>,
}

/// When a file was changed, and how long it is.
type Stamp = (Option<SystemTime>, u64);

/// Where a document is, and what its folder says.
pub(super) struct Configured<'c> {
    /// The document's path.
    pub(super) path: PathBuf,
    /// What counts there.
    pub(super) gate: &'c Gate,
}

/// What came of looking at the files again.
#[derive(Default)]
pub(super) struct Refreshed {
    /// Whether another configuration holds for a folder.
    pub(super) has_changed: bool,
    /// What is wrong with a file. It is as if it were not there until it is corrected.
    pub(super) problems: Vec<String>,
}

impl Configurations {
    /// Those of the folders with these addresses; nothing is read yet.
    pub(super) fn new(addresses: &[String]) -> Self {
        let paths = addresses.iter().filter_map(|address| file_path(address));
        Self { folders: paths.map(|path| Folder { path, stamp: None, gate: None }).collect() }
    }

    /// Reads what has changed.
    pub(super) fn refresh(&mut self) -> Refreshed {
        let mut refreshed = Refreshed::default();
        for folder in &mut self.folders {
            let file = folder.path.join(Gate::FILE);
            let stamp = stamp(&file);
            if stamp == folder.stamp {
                if let Some(gate) = &mut folder.gate {
                    gate.renew_day();
                }
                continue;
            }
            folder.stamp = stamp;
            folder.gate = None;
            refreshed.has_changed = true;
            match stamp.map(|_| Gate::of_file(&file)) {
                None => {}
                Some(Ok(gate)) => folder.gate = Some(gate),
                Some(Err(error)) => refreshed.problems.push(told(&error)),
            }
        }
        refreshed
    }

    /// What holds for the document with this address: the innermost of the folders that it is in says it.
    pub(super) fn of(&self, address: &str) -> Option<Configured<'_>> {
        let path = file_path(address)?;
        let around = self.folders.iter().filter(|folder| path.starts_with(&folder.path));
        let folder = around.max_by_key(|folder| folder.path.components().count())?;
        Some(Configured { gate: folder.gate.as_ref()?, path })
    }
}

fn stamp(file: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(file).ok().filter(fs::Metadata::is_file)?;
    Some((metadata.modified().ok(), metadata.len()))
}

/// The path behind a `file` address.
fn file_path(address: &str) -> Option<PathBuf> {
    let path = address.strip_prefix("file://")?;
    Some(PathBuf::from(percent_decode_str(path).decode_utf8().ok()?.as_ref()))
}
