//! Slots that have another name since they were written again: a grant that was revoked cannot come back, only one like it,
//! with an id of its own. The plan goes on saying what it said when somebody agreed to it.

use serde::{Deserialize, Serialize};

use super::resolution::Resolution;
use crate::slot::{Slot, Slots};

/// A slot that was made again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Remade {
    /// The slot as the plan names it.
    pub was: Slot,
    /// The slot that stands in its place.
    pub is: Slot,
    /// What a person should know of it.
    pub note: Option<String>,
}

impl Resolution {
    /// The name by which a slot of the plan is read and written now.
    #[must_use]
    pub fn slot_now<'s>(&'s self, slot: &'s Slot) -> &'s Slot {
        self.remade.iter().find(|own| own.was == *slot).map_or(slot, |own| &own.is)
    }

    /// What slots hold, by the names that the plan has for them. One that was made again holds what the plan found there.
    #[must_use]
    pub fn as_planned(&self, mut slots: Slots) -> Slots {
        for own in &self.remade {
            if slots.remove(&own.is).is_some()
                && let Some(edit) = self.plan.edits.iter().find(|edit| edit.slot == own.was)
            {
                slots.insert(own.was.clone(), edit.before.clone());
            }
        }
        slots
    }

    pub(super) fn remake(&mut self, remade: &Remade) {
        self.remade.retain(|own| own.was != remade.was);
        self.remade.push(remade.clone());
    }
}
