//! What archive rules do beyond AWS's: a dry run, and care for rules that could hide a public exposure.

pub(crate) mod broad;
mod dry_run;

pub use dry_run::{DryRun, DryRunFinding, dry_run};
