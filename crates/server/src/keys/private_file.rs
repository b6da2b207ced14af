//! Files that only their owner reads.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

/// A new file that only its owner reads, with the folders above it.
pub(super) fn create(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
