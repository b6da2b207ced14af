//! The command as its users run it: exit codes, what is said, bad input, and every JSON shape.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as it should be"
)]

mod batches;
mod check_targets;
mod checks;
mod exit_codes;
mod internal_scans;
mod other_programs;
mod output;
mod prove;
mod scans;
mod schemas;
mod support;
mod templates;
mod validate_batch;
mod validate_fix;
mod validate_gate;
mod validate_reports;
mod validate_schemas;
mod validate_targets;
