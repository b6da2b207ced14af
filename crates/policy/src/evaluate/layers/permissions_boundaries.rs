#![doc = include_str!("permissions_boundaries.md")]

use super::{Reading, is_iam_principal};
use crate::evaluate::facts::Facts;
use crate::evaluate::stack::{Layer, PolicyStack};

pub(super) fn read<'p>(facts: &Facts<'_>, stack: &'p PolicyStack) -> Option<Reading<'p>> {
    let documents =
        stack.permissions_boundaries.as_ref().filter(|_| is_iam_principal(facts.caller()))?;
    Some(Reading::new(Layer::PermissionsBoundaries, None, documents, facts))
}
