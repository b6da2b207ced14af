//! The record: the whole history of each finding, chained so that nothing in it can be changed unseen.
//!
//! An entry's hash covers the entry and the hash of the one before; the head, which is the last position and hash, is
//! signed and can be kept outside. `docs/record.md` says to the byte what is hashed and signed, so that an auditor can
//! check it without this program.
//!
//! Keeping entries is left to `store`, keys and files to `server`.

mod canonical;
mod event;
mod head;
mod verify;

use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use canonical::canonical;
pub use event::RecordEvent;
pub use head::{Head, HeadError, SignedHead};
pub use verify::{Flaw, FlawKind, Report, Verification, verify};

/// The hash that the first entry names as the one before it.
pub const FIRST_PREVIOUS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An entry of the record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Its place: 1, 2, 3 and so on, without a gap.
    pub position: u64,
    /// When, to the millisecond: `2026-01-02T03:04:05.006Z`.
    pub at: String,
    /// What it is about: the finding's id.
    pub subject: String,
    /// What happened, a [`RecordEvent`] as JSON.
    pub body: Value,
    /// The hash of the entry before.
    pub previous: String,
    /// SHA-256 over the canonical form of the members above, in hexadecimal digits.
    pub hash: String,
}

/// The end of a chain, to which entries are added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The position of the last entry; 0 where there is none.
    pub position: u64,
    /// Its hash.
    pub hash: String,
}

impl Default for Chain {
    fn default() -> Self {
        Self { position: 0, hash: FIRST_PREVIOUS.to_owned() }
    }
}

impl Chain {
    /// The next entry, after which the chain ends with it.
    pub fn append(&mut self, subject: &str, body: Value, at: Timestamp) -> Entry {
        let mut entry = Entry {
            position: self.position + 1,
            at: written(at),
            subject: subject.to_owned(),
            body,
            previous: std::mem::take(&mut self.hash),
            hash: String::new(),
        };
        entry.hash = entry.computed_hash();
        self.position = entry.position;
        self.hash.clone_from(&entry.hash);
        entry
    }
}

impl Entry {
    /// The hash that the entry has to have.
    #[must_use]
    pub fn computed_hash(&self) -> String {
        let Self { position, at, subject, body, previous, hash: _ } = self;
        hash_of(&json!({
            "position": position,
            "at": at,
            "subject": subject,
            "body": body,
            "previous": previous,
        }))
    }

    /// The entry as a line of an export, in its canonical form.
    #[must_use]
    pub fn line(&self) -> String {
        let Self { position, at, subject, body, previous, hash } = self;
        canonical(&json!({
            "position": position,
            "at": at,
            "subject": subject,
            "body": body,
            "previous": previous,
            "hash": hash,
        }))
    }

    /// What happened, where this version knows it.
    #[must_use]
    pub fn event(&self) -> Option<RecordEvent> {
        serde_json::from_value(self.body.clone()).ok()
    }
}

/// SHA-256 over the canonical form of `value`, in hexadecimal digits.
fn hash_of(value: &Value) -> String {
    let bytes = digest(&SHA256, canonical(value).as_bytes());
    hexadecimal(bytes.as_ref())
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A time as entries have it.
#[must_use]
pub fn written(at: Timestamp) -> String {
    let whole = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    format!("{whole:.3}")
}

#[cfg(test)]
mod tests;
