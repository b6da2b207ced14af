//! What the registry of slots holds: one kind of slot, how it is read and written, and which actions that takes.

use futures_util::future::BoxFuture;
use ringfence_response::slot::{Slot, Target};

use super::change::Change;
use super::place::Place;
use super::write::Written;
use super::write_failure::WriteFailure;
use crate::failure::Failure;

/// One kind of slot.
pub(super) struct Unit {
    /// The CloudFormation types of the resources that have it.
    pub(super) resource_types: &'static [&'static str],
    /// Whether a slot is of the kind.
    pub(super) is: fn(&Slot) -> bool,
    /// Which slots of the kind a resource has.
    pub(super) list: Listing,
    /// Reads one.
    pub(super) read: for<'a> fn(&'a Place, &'a Target, &'a Slot) -> Reading<'a>,
    /// Writes one. The value was compared before.
    pub(super) write: for<'a> fn(Change<'a>) -> Writing<'a>,
    /// When two values say the same.
    pub(super) form: Form,
    /// Every action that reading and listing take.
    pub(super) read_actions: &'static [&'static str],
    /// Every action that writing takes besides.
    pub(super) write_actions: &'static [&'static str],
}

/// How many slots of a kind a resource has.
pub(super) enum Listing {
    /// One.
    One(Slot),
    /// As many as the service says, each with its value.
    Many(for<'a> fn(&'a Place, &'a Target) -> ReadingAll<'a>),
}

/// What decides whether two values say the same: services write what they keep in their own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A policy document.
    Policy,
    /// A policy of which only the statements count; none are no policy.
    Statements,
    /// Other JSON, whose lists are sets.
    Settings {
        /// The value of a slot that holds nothing, where a value says the same.
        nothing: Option<&'static str>,
        /// Members that do not count.
        ignored: &'static [&'static str],
    },
}

/// What a slot holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// Its value, as the service gives it.
    pub(super) text: Option<String>,
    /// What the service calls this state of it, where it can be told to change no other.
    pub(super) revision: Option<String>,
}

impl Held {
    /// A value of a service that knows no revisions.
    pub(super) fn new(text: Option<String>) -> Self {
        Self { text: text.filter(|text| !text.is_empty()), revision: None }
    }
}

/// The end of reading a slot.
pub(super) type Reading<'a> = BoxFuture<'a, Result<Held, Failure>>;
/// The end of reading all slots of a kind.
pub(super) type ReadingAll<'a> = BoxFuture<'a, Result<Vec<(Slot, Held)>, Failure>>;
/// The end of writing a slot.
pub(super) type Writing<'a> = BoxFuture<'a, Result<Written, WriteFailure>>;
