//! Messages that nothing could be made of: kept in a file for a person, so that the queue goes on.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The file, in the data folder: a JSON object a line.
const FILE: &str = "set-aside-messages.jsonl";

/// A longer file takes no more messages: they are told in the log only.
const MOST_BYTES: u64 = 16 << 20;

/// A message that was set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SetAside {
    /// SQS's id of it.
    pub message_id: String,
    /// When it was set aside.
    pub at: Timestamp,
    /// How often it had been received.
    pub received: u32,
    /// Why.
    pub reason: String,
    /// What it says.
    pub body: String,
}

/// The messages that were set aside, the oldest first.
///
/// # Errors
/// When their file cannot be read.
pub fn set_aside(folder: &Path) -> io::Result<Vec<SetAside>> {
    match fs::read_to_string(folder.join(FILE)) {
        Ok(text) => Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Keeps a message.
pub(super) fn keep(folder: &Path, message: &SetAside) -> io::Result<()> {
    let path = folder.join(FILE);
    if fs::metadata(&path).is_ok_and(|file| file.len() > MOST_BYTES) {
        return Ok(());
    }
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    OpenOptions::new().create(true).append(true).open(path)?.write_all(&line)
}
