//! Pages, random policies, undoing, and the table of strategies.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it should be"
)]

mod buckets;
mod lists;
mod pages;
mod random;
mod requests;
mod table;
mod undoing;
mod world;
