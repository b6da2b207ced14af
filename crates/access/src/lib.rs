//! From an inventory to what can be said about access to it.
//!
//! Pure: no files, no clock, no environment. Files become an inventory in the `sources` crate.

pub mod external;
pub mod internal;
pub mod inventory;
pub mod observation;
pub mod preview;
pub mod resource_types;
pub mod risk;

mod control_policies;
mod finding_id;
mod pattern_rest;
mod question;
mod s3;
mod shared_snapshot;
mod synthetic;
