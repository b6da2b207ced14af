//! What an analysis of something planned rests on.

use std::sync::Arc;

use ringfence_policy::location::Position;

/// Something that is not known before deployment and was taken to be what allows most.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assumption {
    /// The template or plan.
    pub file: Arc<str>,
    /// Where in it the value is used.
    pub position: Position,
    /// Why it is not known, for a person.
    pub reason: String,
    /// Where the statement starts that allows more because of it; nothing when all access to the resource may rest
    /// on it.
    pub statement: Option<Position>,
}
