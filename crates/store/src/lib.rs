//! What must outlive a process: analyzers, findings, archive rules, previews, keys, the audit log and the events that
//! are still to be told, in SQLite or PostgreSQL.
//!
//! One [`Store`] speaks to both: the SQL is the same text, and what differs stands in [`database`]. Every change of
//! state and the events that tell of it are one transaction. A transaction takes its lock first (`database::Scope`)
//! and then reads what is stored, so decisions are made on what is there and not on what a caller saw earlier.
//!
//! What becomes of an observation is decided in `ringfence-findings`; times are arguments; who may do what is left to
//! the server.

pub mod access_key;
pub mod act;
mod analyzers;
pub mod approval_links;
mod archive_rules;
pub mod audit;
pub mod backup;
pub mod conclusions;
pub mod condition;
pub mod database;
pub mod error;
mod finding_rows;
pub mod findings;
pub mod hints;
pub mod list;
pub mod notifications;
pub mod outbox;
pub mod page;
pub mod previews;
pub mod reconciliation;
pub mod record;
mod resolution_record;
pub mod resolutions;
pub mod resource;
pub mod retention;
mod schema;
mod settings;
mod sql;
mod tables;

pub use act::{Act, ClientToken};
pub use database::{Location, Store};
pub use error::{Item, StoreError};

/// What operations give.
pub type Result<T> = std::result::Result<T, StoreError>;
