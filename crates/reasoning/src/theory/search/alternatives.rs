//! Wanted constraints with many alternatives, taken apart.

use std::collections::BTreeSet;

use super::{Constraint, Found, find};
use crate::theory::template::Template;

/// Wanted constraints with more alternatives than these are taken apart: automata that run side by side
/// multiply, one after the other they add up.
const ALTERNATIVES: usize = 3;

/// Unless that makes more searches than these.
const SEARCHES: usize = 256;

pub(super) fn many_alternatives(constraints: &[Constraint<'_>]) -> Option<usize> {
    let wanted = || constraints.iter().filter(|c| c.wanted && c.globs.len() > ALTERNATIVES);
    let searches = wanted().try_fold(1usize, |product, c| product.checked_mul(c.globs.len()))?;
    let found = constraints.iter().position(|c| c.wanted && c.globs.len() > ALTERNATIVES);
    found.filter(|_| searches <= SEARCHES)
}

/// Looks for a word with each alternative of the constraint at `at` on its own.
pub(super) fn find_one_by_one(
    template: &Template,
    constraints: &[Constraint<'_>],
    at: usize,
    budget: usize,
) -> Found {
    let mut core = BTreeSet::from([at]);
    let mut gave_up = false;
    for glob in constraints.get(at).map_or(&[][..], |own| own.globs) {
        let mut narrowed = constraints.to_vec();
        if let Some(own) = narrowed.get_mut(at) {
            own.globs = std::slice::from_ref(glob);
        }
        match find(template, &narrowed, budget) {
            Found::Word(word) => return Found::Word(word),
            Found::Nothing(own) => core.extend(own),
            Found::GaveUp => gave_up = true,
        }
    }
    if gave_up { Found::GaveUp } else { Found::Nothing(core.into_iter().collect()) }
}
