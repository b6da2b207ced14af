//! The keys in a file of the data directory: read again when it changes, so that a key can be revoked while the
//! service runs.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use jiff::Timestamp;

use super::{AccessKey, KeyError};

/// The file.
pub struct KeyFile {
    path: PathBuf,
    cached: Mutex<Option<Cached>>,
}

struct Cached {
    stamp: Stamp,
    keys: Vec<AccessKey>,
}

/// What changes when the file does.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: SystemTime,
    length: u64,
}

impl KeyFile {
    /// The keys of a data directory. The file need not be there.
    #[must_use]
    pub fn new(data: &Path) -> Self {
        Self { path: data.join("keys.json"), cached: Mutex::new(None) }
    }

    /// Every key, revoked ones included, in the order in which they were made.
    ///
    /// # Errors
    /// When the file cannot be read or holds something else.
    pub fn all(&self) -> Result<Vec<AccessKey>, KeyError> {
        let stamp = match fs::metadata(&self.path) {
            Ok(found) => Stamp {
                modified: found.modified().map_err(|source| self.failed(source))?,
                length: found.len(),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(self.failed(source)),
        };
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = cached.as_ref().filter(|own| own.stamp == stamp) {
            return Ok(own.keys.clone());
        }
        let keys = self.read()?;
        *cached = Some(Cached { stamp, keys: keys.clone() });
        Ok(keys)
    }

    /// The key with an id.
    ///
    /// # Errors
    /// As [`KeyFile::all`].
    pub fn find(&self, id: &str) -> Result<Option<AccessKey>, KeyError> {
        Ok(self.all()?.into_iter().find(|key| key.id == id))
    }

    /// Adds a key.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn add(&self, key: AccessKey) -> Result<(), KeyError> {
        let mut keys = self.all()?;
        keys.push(key);
        self.write(&keys)
    }

    /// Lets a key end; an end that is nearer stays.
    ///
    /// # Errors
    /// When there is no such key, or the file cannot be read or written.
    pub fn end(&self, id: &str, at: Timestamp) -> Result<AccessKey, KeyError> {
        let mut keys = self.all()?;
        let Some(key) = keys.iter_mut().find(|key| key.id == id) else {
            return Err(KeyError::Unknown(id.to_owned()));
        };
        key.ends_at = Some(key.ends_at.map_or(at, |before| before.min(at)));
        let ended = key.clone();
        self.write(&keys)?;
        Ok(ended)
    }

    fn read(&self) -> Result<Vec<AccessKey>, KeyError> {
        let text = fs::read_to_string(&self.path).map_err(|source| self.failed(source))?;
        serde_json::from_str(&text).map_err(|error| KeyError::Form {
            path: self.path.display().to_string(),
            reason: error.to_string(),
        })
    }

    /// Writes a file beside the old one and renames it, so that nobody reads half of it.
    fn write(&self, keys: &[AccessKey]) -> Result<(), KeyError> {
        let beside = self.path.with_extension(format!("{}.new", std::process::id()));
        let text = serde_json::to_string_pretty(keys).map_err(|error| KeyError::Form {
            path: self.path.display().to_string(),
            reason: error.to_string(),
        })?;
        let write = || {
            let mut file = private(&beside)?;
            writeln!(file, "{text}")?;
            file.sync_all()?;
            fs::rename(&beside, &self.path)
        };
        let written = write().map_err(|source| self.failed(source));
        *self.cached.lock().unwrap_or_else(PoisonError::into_inner) = None;
        written
    }

    fn failed(&self, source: io::Error) -> KeyError {
        KeyError::File { path: self.path.display().to_string(), source }
    }
}

/// A new file that only its owner reads, with the folders above it.
pub(super) fn private(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
