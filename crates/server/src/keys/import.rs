//! The file in which keys were kept before there was a table for them: read once, then put aside.

use std::fs;
use std::io;
use std::path::Path;

use jiff::Timestamp;
use ringfence_store::{Act, Store};

use super::{AccessKey, KeyError};

/// The name of the file in the data folder.
const FILE: &str = "keys.json";
/// What it is called once its keys are in the store.
const IMPORTED: &str = "keys.json.imported";

/// Brings the keys of the file `keys.json` in the data folder into the store, if there is one, and gives how many were
/// new. The file is renamed then; doing it twice changes nothing.
///
/// # Errors
/// When the file cannot be read or renamed, or the store cannot be written.
pub async fn import(store: &Store, data: &Path, now: Timestamp) -> Result<usize, KeyError> {
    let path = data.join(FILE);
    let failed = |source| KeyError::File { path: path.display().to_string(), source };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(source) => return Err(failed(source)),
    };
    let keys: Vec<AccessKey> = serde_json::from_str(&text).map_err(|error| KeyError::Form {
        path: path.display().to_string(),
        reason: error.to_string(),
    })?;
    let act = Act { who: FILE, operation: "ringfence:ImportKeys", at: now, token: None };
    let imported = store.import_keys(&keys, &act).await?;
    fs::rename(&path, data.join(IMPORTED)).map_err(failed)?;
    Ok(imported)
}
