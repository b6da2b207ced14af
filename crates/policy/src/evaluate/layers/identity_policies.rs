#![doc = include_str!("identity_policies.md")]

use super::{Reading, is_iam_principal};
use crate::evaluate::facts::Facts;
use crate::evaluate::stack::{Layer, PolicyStack};

pub(super) fn read<'p>(facts: &Facts<'_>, stack: &'p PolicyStack) -> Option<Reading<'p>> {
    let documents =
        stack.identity_policies.as_ref().filter(|_| is_iam_principal(facts.caller()))?;
    Some(Reading::new(Layer::IdentityPolicies, None, documents, facts))
}
