//! Does the new policy allow anything that the existing one does not?
//!
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html>

use ringfence_policy::PolicyDocument;

use super::{Answer, ask};
use crate::decide::Goal;

/// `Holds` when every request that `new` allows is one that `existing` allows too. Otherwise the
/// refutation names the statements of `new` that let more in. Effect, conditions, NotAction and
/// principals count; a policy without Principal is read as naming everyone in both.
pub fn check_no_new_access(existing: &PolicyDocument, new: &PolicyDocument) -> Answer {
    Answer::of_statements(ask(&[existing, new], &|_, built, _| {
        let [existing, new] = built else { return Ok(Vec::new()) };
        let mut goals = Vec::with_capacity(new.allow.len());
        for (index, id) in &new.allow {
            // Not allowed by the existing policy: no statement of it allows, …
            let mut avoid = new.deny.clone();
            avoid.extend(existing.allow_ids());
            goals.push((*index, Goal { groups: vec![vec![*id]], avoid }));
            // … or one denies.
            if !existing.deny.is_empty() {
                let groups = vec![vec![*id], existing.deny.clone()];
                goals.push((*index, Goal { groups, avoid: new.deny.clone() }));
            }
        }
        Ok(goals)
    }))
}
