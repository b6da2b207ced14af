//! Hostile input, end to end: whatever stands in a file, it gets a clear diagnostic, the exit codes keep
//! their meaning, everything else is still analyzed, and time and memory stay bounded.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as it should be"
)]

mod check;
mod files;
mod large;
mod policies;
mod scan;
mod simulate;
mod support;
