//! Reading whole files and folders, good ones and bad ones.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as it should be"
)]

mod bad_input;
mod broken_snapshot;
mod schemas;
mod support;
mod targets;
mod whole_snapshot;
