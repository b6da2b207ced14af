//! The AWS SDK: reading accounts and organizations into snapshot folders, changing what decides about access to one
//! resource, receiving from queues, telling others. Nothing else links the SDK.
//!
//! Its crates are compiled without optimization, and EC2's is not used at all; see decision 9 in
//! `docs/decisions`.

pub mod collection;
pub mod live;
pub mod publish;
pub mod queue;

mod client;
mod connection;
mod credentials;
mod ec2;
mod failure;
mod retry;
mod root_element;
mod s3;

pub use connection::{Access, http_client};
pub use failure::{Cause, Failure};
