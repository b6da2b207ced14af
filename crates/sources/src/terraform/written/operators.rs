//! Ways into a value: attributes, keys, every element.

use crate::planned::{Planned, PlannedKind};

/// One step of the way into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// `.name`.
    To(String),
    /// `["key"]` or `[0]`.
    Key(String),
    /// `[*]`.
    Each,
}

/// What the steps lead to; nothing when that is not known.
pub(super) fn follow(value: Planned, steps: &[Step]) -> Option<Planned> {
    let Some((step, rest)) = steps.split_first() else { return Some(value) };
    match (step, value.kind) {
        (Step::To(name) | Step::Key(name), PlannedKind::Map(members)) => {
            let found = members.into_iter().find(|(key, _)| key.name == *name)?;
            follow(found.1, rest)
        }
        (Step::Key(index), PlannedKind::List(all)) => {
            follow(all.into_iter().nth(index.parse().ok()?)?, rest)
        }
        (Step::Each, PlannedKind::List(all)) => {
            let all = all.into_iter().map(|one| follow(one, rest)).collect::<Option<Vec<_>>>()?;
            Some(Planned { place: value.place, kind: PlannedKind::List(all) })
        }
        // What is in a value that is not known is not known for the same reason.
        (_, PlannedKind::Unknown(unknown)) => Some(Planned::unknown(&value.place, unknown)),
        _ => None,
    }
}
