//! What the registries of this folder hold: one kind of thing, how far it reaches, and which actions reading it takes.

use std::future::Future;
use std::pin::Pin;

use super::place::Place;
use crate::failure::Failure;

/// The end of a unit's work; an error is a listing that failed.
pub(super) type Collecting = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

/// One kind of thing that is collected.
pub(super) struct Unit {
    /// The CloudFormation type, where the unit writes resource files.
    pub(super) resource_type: Option<&'static str>,
    /// How often it runs.
    pub(super) reach: Reach,
    /// Every action that its calls need. The collector's role allows the sum of them.
    pub(super) actions: &'static [&'static str],
    /// Partitions that have no such thing.
    pub(super) absent_from: &'static [&'static str],
    /// Reads everything of the kind.
    pub(super) collect: fn(Place) -> Collecting,
}

/// How far one run of a unit reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The whole account.
    Account,
    /// One region.
    Region,
}
