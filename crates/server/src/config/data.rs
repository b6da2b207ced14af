//! `[data]`.

use std::path::PathBuf;

use ringfence_store::Location;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::secret::{DatabaseUrl, Secret};
use crate::keys::{MasterKey, SealError};

/// Where the service keeps what outlives it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Data {
    /// The folder of what the service keeps.
    pub folder: PathBuf,
    /// A PostgreSQL database, `postgres://USER:PASSWORD@HOST/DATABASE`; without it SQLite in the data folder.
    pub database: Option<DatabaseUrl>,
    /// The file of the key that secrets are encrypted under, made where it is not there; without it `encryption.key`
    /// in the data folder.
    pub encryption_key_file: Option<PathBuf>,
    /// That key itself, 32 bytes in Base64, where there is no file of it. Better in the environment
    /// (`RINGFENCE_ENCRYPTION_KEY`) than in a file beside the data.
    pub encryption_key: Option<Secret>,
}

impl Default for Data {
    fn default() -> Self {
        Self {
            folder: PathBuf::from("ringfence-data"),
            database: None,
            encryption_key_file: None,
            encryption_key: None,
        }
    }
}

impl Data {
    /// Where the database is.
    #[must_use]
    pub fn location(&self) -> Location {
        match &self.database {
            Some(url) => Location::Url(url.expose().to_owned()),
            None => Location::Folder(self.folder.clone()),
        }
    }

    /// The file of the encryption key; nothing where the key is given itself.
    #[must_use]
    pub fn key_file(&self) -> Option<PathBuf> {
        match (&self.encryption_key_file, &self.encryption_key) {
            (Some(file), _) => Some(file.clone()),
            (None, Some(_)) => None,
            (None, None) => Some(self.folder.join("encryption.key")),
        }
    }

    /// The key that secrets are encrypted under.
    ///
    /// # Errors
    /// When it is no key, or its file cannot be read or made.
    pub fn master_key(&self) -> Result<MasterKey, SealError> {
        match (self.key_file(), &self.encryption_key) {
            (Some(file), _) => MasterKey::from_file(&file),
            (None, Some(key)) => MasterKey::parse(key.expose()),
            (None, None) => Err(SealError::MasterKey),
        }
    }
}
