//! Where the workspace lies, and which files are its own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Folders that tools fill, and the file that stands for `.git` in a linked work tree; nothing in them is written by hand
/// or committed.
const FOREIGN: &[&str] =
    &[".git", ".venv", ".venv-bench", "__pycache__", "artifacts", "node_modules", "target"];

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// Every file below a folder except what tools put there, sorted by path.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))?
    {
        let entry = entry?;
        let path = entry.path();
        if FOREIGN.iter().any(|foreign| entry.file_name() == *foreign) {
            continue;
        }
        match entry.file_type()?.is_dir() {
            true => collect(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}
