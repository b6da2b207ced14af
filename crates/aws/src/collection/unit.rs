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
    /// Partitions that have no such thing, and what it is called in the plural.
    pub(super) absent: Option<AbsentFrom>,
    /// Reads everything of the kind.
    pub(super) collect: fn(Place) -> Collecting,
    /// Reads the resource with this ARN; an error says that it is not there, or why that is not known. Nothing for what
    /// is not a resource with a file of its own.
    pub(super) read_one: Option<fn(Place, String) -> Collecting>,
}

/// What some partitions do not have.
#[derive(Clone, Copy, Debug)]
pub(super) struct AbsentFrom {
    /// Its name in the plural.
    pub(super) what: &'static str,
    /// The partitions without it.
    pub(super) partitions: &'static [&'static str],
}

impl AbsentFrom {
    /// Whether the partition is one of those.
    pub(super) fn lacks(&self, partition: &str) -> bool {
        self.partitions.contains(&partition)
    }
}

/// How far one run of a unit reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The whole account.
    Account,
    /// One region.
    Region,
}
