//! What policies mean for *every* request: exact answers to questions about policy documents.
//!
//! A request gives each attribute a value: the action, the resource, the identity of the caller, and
//! every context key, which may be absent, single or many. A statement is a conjunction of literals over
//! attributes, so a question is a search for a request that meets some conjunctions and avoids others
//! ([`questions`]); what is possible for one attribute alone is decided by its theory. An answer is
//! `Holds`, `Fails` with a request that the evaluator allows as well, or `Unknown` with the limit that
//! was hit.
//!
//! Shares nothing with the evaluator but the model of policies and requests.

pub mod abstraction;
mod bits;
pub mod certificate;
mod decide;
mod encode;
mod limit;
mod problem;
mod question;
pub mod questions;
pub mod smtlib;
mod theory;
mod variables;
mod witness;
pub mod wording;

pub use limit::Limit;
pub use question::Question;
pub use questions::{
    Access, Answer, Combination, Emptiness, Refutation, RequestBox, ZoneOfTrust, anything_allowed,
    check_access_not_granted, check_combinations, check_no_access_from_outside,
    check_no_new_access, check_no_public_access,
};
