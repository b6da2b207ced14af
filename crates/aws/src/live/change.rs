//! A change that a unit carries out, after it was found that nobody else changed the slot.

use ringfence_response::slot::{Slot, Target};

use super::place::Place;
use super::unit::Held;
use super::write::Written;
use super::write_failure::WriteFailure;

/// What a slot holds, and what it is to hold. It is made only by `write`, in the remediation role.
#[derive(Debug)]
pub(super) struct Change<'a> {
    pub(super) place: &'a Place,
    pub(super) target: &'a Target,
    pub(super) slot: &'a Slot,
    /// What it holds now.
    pub(super) held: Held,
    /// What it is to hold.
    pub(super) after: Option<&'a str>,
}

impl Change<'_> {
    /// The end of a change that leaves the slot under its name.
    pub(super) fn written(&self) -> Result<Written, WriteFailure> {
        Ok(Written::of(self.slot))
    }

    /// The new value of something that is always there.
    ///
    /// # Errors
    /// When it is to be deleted.
    pub(super) fn required(&self) -> Result<&str, WriteFailure> {
        self.after.ok_or_else(|| {
            let detail = format!("`{}` always has one: it cannot be deleted", self.target.arn);
            WriteFailure::Malformed { detail }
        })
    }
}
