//! The changes that units offer, each way once.

mod block;
mod deny;
mod removal;

pub(super) use block::block;
pub(super) use deny::deny;
pub(super) use removal::removal;
