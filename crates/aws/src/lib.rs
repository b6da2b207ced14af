//! The AWS SDK: reading accounts and organizations into snapshot folders. Nothing else links the SDK.
//!
//! Its crates are compiled without optimization, and EC2's is not used at all; see decision 9 in
//! `docs/decisions`.

pub mod collection;

mod connection;
mod credentials;
mod ec2;
mod failure;
mod retry;
mod root_element;

pub use connection::{Access, http_client};
pub use failure::{Cause, Failure};
