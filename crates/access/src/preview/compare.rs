//! How the ways into a resource compare with those that there were.

use crate::observation::{FindingChange, FindingChangeType, Observation};

/// Marks each way as new, changed or unchanged; gives those of before that are no more.
pub(super) fn compare(before: &[Observation], after: &mut [Observation]) -> Vec<Observation> {
    let mut left: Vec<&Observation> = before.iter().collect();
    for way in after.iter_mut() {
        if let Some(at) = left.iter().position(|old| old.id == way.id) {
            mark(way, FindingChangeType::Unchanged, Some(left.remove(at)));
        }
    }
    // Of the others, those by the same principal with the same conditions are the same way; then those by the same
    // principal.
    let closeness: [fn(&Observation, &Observation) -> bool; 2] = [
        |old, new| is_same_principal(old, new) && old.condition == new.condition,
        is_same_principal,
    ];
    for is_close in closeness {
        for way in after.iter_mut().filter(|way| way.change.is_none()) {
            if let Some(at) = left.iter().position(|old| is_close(old, way)) {
                mark(way, FindingChangeType::Changed, Some(left.remove(at)));
            }
        }
    }
    for way in after.iter_mut().filter(|way| way.change.is_none()) {
        mark(way, FindingChangeType::New, None);
    }
    left.into_iter().map(removed).collect()
}

fn is_same_principal(old: &Observation, new: &Observation) -> bool {
    old.principal == new.principal && old.sources == new.sources
}

fn mark(way: &mut Observation, change_type: FindingChangeType, old: Option<&Observation>) {
    let existing_finding_id = old.map(|old| old.id.clone());
    way.change = Some(FindingChange { change_type, existing_finding_id });
}

/// A way that there is no more. AWS calls this a finding that changes its status.
pub(super) fn removed(old: &Observation) -> Observation {
    let mut way = old.clone();
    mark(&mut way, FindingChangeType::Changed, Some(old));
    way
}
