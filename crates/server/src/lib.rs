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
mod authorization;
mod finding_lists;
mod http;
pub mod keys;
mod limits;
mod metrics;
mod operations;
mod pagination;
mod previews;
mod service;
mod sigv4;
mod stored;
mod verdict;
mod watch;

pub use http::{ListenError, Listening, Transport, listen};
pub use operations::{Built, NOT_BUILT, OperationFact, operation_facts};
pub use service::{Service, Settings};
pub use watch::Source;
