//! A change that may close the finding, before anything is proved of it.

use super::case::Case;
use crate::plan::{Edit, Means};
use crate::slot::{Slot, Slots};

/// A change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) means: Means,
    /// The Sid of the first statement that is added.
    pub(super) sid: Option<String>,
    pub(super) edits: Vec<Edit>,
}

impl Candidate {
    /// A change of one slot.
    pub(super) fn of(case: &Case<'_>, means: Means, slot: &Slot, after: Option<String>) -> Self {
        let edit = Edit { slot: slot.clone(), before: case.text(slot).map(str::to_owned), after };
        Self { means, sid: None, edits: vec![edit] }
    }

    /// The slots when it is done.
    pub(super) fn after(&self, case: &Case<'_>) -> Slots {
        let mut slots = case.situation.slots.clone();
        for edit in &self.edits {
            slots.insert(edit.slot.clone(), edit.after.clone());
        }
        slots
    }

    /// What it is, for a person.
    pub(super) fn describe(&self) -> &'static str {
        match self.means {
            Means::Deny => "a Deny for the principal",
            Means::ConditionalDeny => "a Deny for everybody outside",
            Means::Removal => "taking out what lets the principal in",
            Means::Block => "blocking public access",
        }
    }
}
