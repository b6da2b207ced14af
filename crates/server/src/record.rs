//! The record on its way to auditors: exports, signed heads, and heads that are kept outside.
//!
//! Entries are written by `store` and checked by `ringfence-response`. The key that signs heads is a file of its own,
//! kept as the encryption key is: whoever has it and the database can write the record anew, up to the last head that
//! is kept outside.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{Ed25519KeyPair, KeyPair};
use ringfence_response::record::{Head, SignedHead, written};
use ringfence_store::{Store, StoreError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many entries an export reads at once.
const PAGE: usize = 1000;
/// The bytes of a key's seed.
const LENGTH: usize = 32;

/// How the record is kept safe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RecordSettings {
    /// The file of the key that signs heads, made where it is not there; without it `record.key` in the data folder.
    pub key_file: Option<PathBuf>,
    /// A file outside to which the signed head is added as a line whenever it has moved.
    pub anchor_file: Option<PathBuf>,
    /// Seconds between looks at whether it has.
    pub anchor_interval: u64,
}

impl Default for RecordSettings {
    fn default() -> Self {
        Self { key_file: None, anchor_file: None, anchor_interval: 60 }
    }
}

/// The key that signs heads of the record.
pub struct RecordKey(Ed25519KeyPair);

/// Why the record cannot be signed, exported or anchored.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A key is something else.
    #[error("the key of the record is 32 bytes in Base64; `openssl rand -base64 32` makes one")]
    Key,
    /// A file cannot be used.
    #[error("`{path}` cannot be used")]
    File {
        /// Which file.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    Random,
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The export could not be written.
    #[error("the export cannot be written")]
    Write(#[source] io::Error),
}

impl RecordKey {
    /// The key of the service whose data folder is `data`.
    ///
    /// # Errors
    /// As [`RecordKey::from_file`].
    pub fn of(settings: &RecordSettings, data: &Path) -> Result<Self, RecordError> {
        let beside = data.join("record.key");
        Self::from_file(settings.key_file.as_ref().unwrap_or(&beside))
    }

    /// Reads a key from 32 bytes in Base64.
    ///
    /// # Errors
    /// When it is something else.
    pub fn parse(text: &str) -> Result<Self, RecordError> {
        let bytes = STANDARD.decode(text.trim()).map_err(|_| RecordError::Key)?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&bytes).map_err(|_| RecordError::Key)?;
        Ok(Self(pair))
    }

    /// Reads the key in a file, which is made, readable for its owner only, where it does not exist.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds something else.
    pub fn from_file(path: &Path) -> Result<Self, RecordError> {
        let failed = |source| RecordError::File { path: path.display().to_string(), source };
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut bytes = [0; LENGTH];
                SystemRandom::new().fill(&mut bytes).map_err(|_| RecordError::Random)?;
                let text = STANDARD.encode(bytes);
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder).map_err(failed)?;
                }
                let mut options = OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(path).map_err(failed)?;
                writeln!(file, "{text}").and_then(|()| file.sync_all()).map_err(failed)?;
                Self::parse(&text)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// The public key, in hexadecimal digits.
    #[must_use]
    pub fn public_key(&self) -> String {
        let bytes = self.0.public_key().as_ref();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Signs where the record ends now.
    ///
    /// # Errors
    /// Where the store could not be read.
    pub async fn head(&self, store: &Store, now: Timestamp) -> Result<SignedHead, RecordError> {
        let end = store.record_end().await?;
        let head = Head { position: end.position, hash: end.hash, at: written(now) };
        Ok(SignedHead::new(head, &self.0))
    }
}

/// Writes the record, an entry a line, and then its signed head. Entries that are added meanwhile are left to the next
/// export.
///
/// # Errors
/// Where the store could not be read or `to` not written.
pub async fn export(
    store: &Store,
    key: &RecordKey,
    now: Timestamp,
    to: &mut impl Write,
) -> Result<SignedHead, RecordError> {
    let head = key.head(store, now).await?;
    let mut after = 0;
    while after < head.head.position {
        let page = store.record_page(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        for entry in page.iter().filter(|own| own.position <= head.head.position) {
            writeln!(to, "{}", entry.line()).map_err(RecordError::Write)?;
        }
        after = last.position;
    }
    writeln!(to, "{}", head.anchor_text()).map_err(RecordError::Write)?;
    to.flush().map_err(RecordError::Write)?;
    Ok(head)
}

/// Adds a head to a file as a line of its own.
///
/// # Errors
/// When the file cannot be written.
pub fn anchor(head: &SignedHead, path: &Path) -> Result<(), RecordError> {
    let add = || {
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        file.write_all(format!("{}\n", head.anchor_text()).as_bytes())?;
        file.sync_all()
    };
    add().map_err(|source| RecordError::File { path: path.display().to_string(), source })
}

/// Adds the head to the anchor file whenever it has moved, for as long as the service runs. Runs until it is dropped.
pub async fn keep_anchoring(store: Store, key: RecordKey, settings: RecordSettings) {
    let Some(path) = settings.anchor_file else { return };
    let mut anchored = 0;
    loop {
        match key.head(&store, Timestamp::now()).await {
            Ok(head) if head.head.position > anchored => match anchor(&head, &path) {
                Ok(()) => anchored = head.head.position,
                Err(error) => tracing::error!(%error, "the head of the record cannot be anchored"),
            },
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "the head of the record cannot be read"),
        }
        tokio::time::sleep(Duration::from_secs(settings.anchor_interval.max(1))).await;
    }
}
