//! What `cargo xtask api-model` writes.

pub(crate) mod shapes;
pub mod types;
