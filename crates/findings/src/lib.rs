//! What becomes of an observation: a finding with a life.
//!
//! Analysis says what is observed now; this crate says what that makes of the findings that are stored: which are new,
//! which come back, which are resolved, which an archive rule takes away, what an event about it says. Who observes,
//! where findings are kept and who asks for them is left to others.
//!
//! Pure: times and ids are arguments. Reconciling again with the same observations changes nothing.

pub mod analyzer;
pub mod archive_rule;
pub mod broad_rule;
pub mod event;
pub mod field;
pub mod filter;
pub mod finding;
pub mod observation;
pub mod preview;
pub mod reconcile;
pub mod sort;
pub mod statistics;
