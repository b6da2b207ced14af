//! The service: Access Analyzer's API over HTTP, for AWS's own clients.
//!
//! A request passes through these, each of which leaves the rest to the others:
//!
//! ```text
//! http ─▶ sigv4 ─▶ keys ─▶ limits ─▶ api (route, validate) ─▶ authorization ─▶ operations
//! ```
//!
//! [`api`] holds the wire format, generated from AWS's model; `operations` one file and one page for each operation.

pub mod api;
pub mod archive_rules;
mod authorization;
pub mod config;
pub mod doctor;
pub mod events;
mod finding_lists;
mod http;
pub mod keys;
mod limits;
#[cfg(test)]
mod listener;
mod metrics;
pub mod notifications;
mod operations;
mod outbound;
mod own_actions;
mod pagination;
mod previews;
mod publishing;
pub mod record;
pub mod response;
mod retention;
mod service;
mod sigv4;
mod stored;
mod verdict;
mod watch;

pub use http::{ListenError, Listening, Transport, listen};
pub use operations::{Built, NOT_BUILT, OperationFact, operation_facts};
pub use outbound::{Network, OutboundSettings, SecretSource};
pub use own_actions::{OWN_ACTIONS, OwnAction};
pub use publishing::AwsSettings;
pub use retention::RetentionSettings;
pub use service::{Service, Settings};
pub use watch::{ChangeQueue, LiveAccounts, SetAside, Source, set_aside};
