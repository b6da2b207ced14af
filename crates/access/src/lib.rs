//! From an inventory to what can be said about access to it.
//!
//! Pure: no files, no clock, no environment. Files become an inventory in the `sources` crate.

pub mod inventory;
pub mod observation;
pub mod risk;
