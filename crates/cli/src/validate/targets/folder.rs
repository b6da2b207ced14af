//! Walks a folder: its JSON files and the snapshots in it, in the order of their names.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Its `*.json` files.
    pub(super) files: Vec<PathBuf>,
    /// Its snapshot folders; nothing inside of them is among the files.
    pub(super) snapshots: Vec<PathBuf>,
    /// What could not be listed.
    pub(super) problems: Vec<(PathBuf, io::Error)>,
}

/// Whether a folder is a snapshot.
pub(super) fn is_snapshot(folder: &Path) -> bool {
    let is_account =
        |name: &str| name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit());
    let has_account = || {
        let entries = fs::read_dir(folder.join("accounts")).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| entry.file_name().to_str().is_some_and(is_account))
    };
    ["snapshot.json", "organization.json"].iter().any(|name| folder.join(name).is_file())
        || has_account()
}

/// Walks a folder. Links to folders are not followed; `keep` says which files and folders count.
pub(super) fn walk(folder: &Path, keep: &dyn Fn(&Path) -> bool) -> Found {
    let mut found = Found::default();
    found.folder(folder, keep);
    found
}

impl Found {
    fn folder(&mut self, folder: &Path, keep: &dyn Fn(&Path) -> bool) {
        if is_snapshot(folder) {
            self.snapshots.push(folder.to_owned());
            return;
        }
        let mut entries = match list(folder) {
            Ok(entries) => entries,
            Err(error) => {
                self.problems.push((folder.to_owned(), error));
                return;
            }
        };
        entries.sort();
        for path in entries {
            let Ok(metadata) = path.symlink_metadata() else { continue };
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.starts_with('.') || name == "node_modules" || !keep(&path) {
                continue;
            }
            if metadata.is_dir() {
                self.folder(&path, keep);
            } else if (is_json(&path) || is_template(&path)) && path.is_file() {
                self.files.push(path);
            }
        }
    }
}

fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

/// Whether a file is named as templates are that are no JSON.
pub(super) fn is_template(path: &Path) -> bool {
    let extension = path.extension().and_then(|own| own.to_str()).unwrap_or_default();
    ["yaml", "yml", "template"].contains(&extension.to_ascii_lowercase().as_str())
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}
