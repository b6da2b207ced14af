//! Replaces what a file holds, as a whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Why a file was not replaced.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    /// Somebody else wrote to it.
    #[error("it has changed since it was read; run the command again")]
    Changed,
    /// It is a pipe, a device or the like.
    #[error("it is no regular file")]
    NoFile,
    /// Nobody may write to it.
    #[error("it is read-only")]
    ReadOnly,
    /// The system refuses.
    #[error(transparent)]
    System(#[from] io::Error),
}

/// Puts `after` into the file that holds `before`. A link stays a link, and permissions are kept: a new file beside
/// the old one takes its place when it is complete.
pub(super) fn replace(path: &Path, before: &str, after: &str) -> Result<(), WriteError> {
    let path = fs::canonicalize(path)?;
    let metadata = fs::metadata(&path)?;
    if !metadata.is_file() {
        return Err(WriteError::NoFile);
    }
    if metadata.permissions().readonly() {
        return Err(WriteError::ReadOnly);
    }
    let found = fs::read(&path)?;
    if found == after.as_bytes() {
        return Ok(()); // The same file under another name was repaired before.
    }
    if found != before.as_bytes() {
        return Err(WriteError::Changed);
    }
    let folder = path.parent().ok_or(WriteError::NoFile)?;
    let mut complete = tempfile::Builder::new().prefix(".ringfence-").tempfile_in(folder)?;
    complete.write_all(after.as_bytes())?;
    complete.as_file().set_permissions(metadata.permissions())?;
    keep_owner(complete.as_file(), &metadata);
    complete.as_file().sync_all()?;
    complete.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// A superuser who repairs the file of somebody else does not take it away.
#[cfg(unix)]
fn keep_owner(file: &fs::File, metadata: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    // Others are not allowed to give files away, and the file is theirs already.
    _ = fchown(file, Some(metadata.uid()), Some(metadata.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_file: &fs::File, _metadata: &fs::Metadata) {}
