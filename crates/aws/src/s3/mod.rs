//! Clients of S3 and of its control plane, which need more care than those of other services.

mod client;
mod control;

pub(crate) use client::client;
pub(crate) use control::control;
