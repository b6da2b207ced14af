//! Backup and restore: a backup is one SQLite file with all tables, whatever database it was made of, and can be restored
//! into either.
//!
//! A backup is made while others read and write, and is what was there at one moment. It is made beside its place and
//! put there when it is whole. Nothing is ever written over: neither a file nor a database that has something in it.
//! Secrets are in it as they are stored, encrypted; the key that they are encrypted under is not.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sqlx::Row;

use crate::database::{Backend, Location, SQLITE_FILE, Store};
use crate::sql::query;
use crate::{StoreError, tables};

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The place is taken.
    #[error("`{0}` is there already and is not written over")]
    Exists(PathBuf),
    /// The database that is to be restored has something in it.
    #[error("the database has rows in `{0}` already: restore into an empty one")]
    NotEmpty(String),
    /// A file cannot be read or written.
    #[error("`{path}` cannot be used")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is damaged.
    #[error("`{path}` is damaged: {said}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What the database says of it.
        said: String,
    },
    /// A database could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How much was copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Rows of each table, by its name.
    pub rows: std::collections::BTreeMap<String, u64>,
}

impl Copied {
    /// Rows of all tables.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.rows.values().sum()
    }
}

impl Store {
    /// Writes a backup to `file`.
    ///
    /// # Errors
    /// When there is such a file, it cannot be written, or the database cannot be read.
    pub async fn back_up(&self, file: &Path) -> std::result::Result<Copied, BackupError> {
        refuse_existing(file)?;
        let staging = Staging::beside(file)?;
        let copied = match self.backend() {
            Backend::Sqlite => self.vacuum_into(&staging).await?,
            Backend::Postgres => {
                let copy = Store::open(&Location::Folder(staging.folder.clone())).await?;
                let copied = tables::copy(self, &copy).await;
                copy.close().await;
                copied?
            }
        };
        staging.put(file)?;
        Ok(copied)
    }

    async fn vacuum_into(&self, staging: &Staging) -> std::result::Result<Copied, BackupError> {
        let file = staging.file();
        let name = file.display().to_string();
        query("VACUUM INTO $1")
            .bind(name)
            .execute(self.reader())
            .await
            .map_err(StoreError::from)?;
        let copy = Store::open(&Location::Folder(staging.folder.clone())).await?;
        let counted = tables::count(&copy).await;
        copy.close().await;
        Ok(counted?)
    }
}

/// Restores the backup `file` into a database that is not there, or is there and empty.
///
/// # Errors
/// When the file is no backup, the database has something in it, or cannot be written.
pub async fn restore(file: &Path, into: &Location) -> std::result::Result<Copied, BackupError> {
    // The copy is brought up to date and looked through, so that the backup itself is only read.
    let staging = match into {
        Location::Folder(folder) => {
            refuse_existing(&folder.join(SQLITE_FILE))?;
            fs::create_dir_all(folder).map_err(failed(folder))?;
            Staging::beside(&folder.join(SQLITE_FILE))?
        }
        Location::Url(_) => Staging::beside(&std::env::temp_dir().join("ringfence-restore"))?,
    };
    fs::copy(file, staging.file()).map_err(failed(file))?;
    private(&staging.file())?;
    let copy = Store::open(&Location::Folder(staging.folder.clone())).await?;
    let copied = restore_from(&copy, file, into).await;
    copy.close().await;
    let copied = copied?;
    if let Location::Folder(folder) = into {
        staging.put(&folder.join(SQLITE_FILE))?;
    }
    Ok(copied)
}

async fn restore_from(
    copy: &Store,
    file: &Path,
    into: &Location,
) -> std::result::Result<Copied, BackupError> {
    let checked = query("PRAGMA integrity_check").fetch_all(copy.reader()).await;
    for row in checked.map_err(StoreError::from)? {
        let said: String = row.try_get(0).map_err(StoreError::from)?;
        if said != "ok" {
            return Err(BackupError::Damaged { path: file.to_owned(), said });
        }
    }
    if let Location::Folder(_) = into {
        return Ok(tables::count(copy).await?);
    }
    let target = Store::open(into).await?;
    let copied = async {
        let counted = tables::count(&target).await?;
        match counted.rows.iter().find(|(_, rows)| **rows > 0) {
            Some((table, _)) => Err(BackupError::NotEmpty(table.clone())),
            None => Ok(tables::copy(copy, &target).await?),
        }
    };
    let copied = copied.await;
    target.close().await;
    copied
}

/// A folder for a database in the making; it goes with this value.
struct Staging {
    folder: PathBuf,
}

impl Staging {
    fn beside(place: &Path) -> std::result::Result<Self, BackupError> {
        let mut name = place.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let folder = place.with_file_name(name);
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(failed(&folder))?;
        Ok(Self { folder })
    }

    fn file(&self) -> PathBuf {
        self.folder.join(SQLITE_FILE)
    }

    /// Moves the database, closed by now, to its place.
    fn put(&self, place: &Path) -> std::result::Result<(), BackupError> {
        let file = self.file();
        private(&file)?;
        fs::File::open(&file).and_then(|own| own.sync_all()).map_err(failed(&file))?;
        refuse_existing(place)?;
        fs::rename(&file, place).map_err(failed(place))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What is left behind harms nobody.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn refuse_existing(place: &Path) -> std::result::Result<(), BackupError> {
    match fs::symlink_metadata(place) {
        Ok(_) => Err(BackupError::Exists(place.to_owned())),
        Err(_) => Ok(()),
    }
}

/// Lets only the owner read a file.
fn private(path: &Path) -> std::result::Result<(), BackupError> {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(path, mode).map_err(failed(path))?;
    }
    Ok(())
}

fn failed(path: &Path) -> impl Fn(io::Error) -> BackupError + use<> {
    let path = path.to_owned();
    move |source| BackupError::File { path: path.clone(), source }
}
