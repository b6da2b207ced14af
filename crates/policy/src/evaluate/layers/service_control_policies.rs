#![doc = include_str!("service_control_policies.md")]

use super::{Reading, is_service_linked_role};
use crate::evaluate::facts::Facts;
use crate::evaluate::stack::{Layer, PolicyStack};

pub(super) fn read<'p>(facts: &Facts<'_>, stack: &'p PolicyStack) -> Vec<Reading<'p>> {
    match &stack.service_control_policies {
        Some(levels) if binds(facts, stack) => {
            Reading::levels(Layer::ServiceControlPolicies, levels, facts)
        }
        Some(_) | None => Vec::new(),
    }
}

/// Whether the caller is a principal of a member account.
fn binds(facts: &Facts<'_>, stack: &PolicyStack) -> bool {
    let account = facts.caller().account();
    account.is_some() && account != stack.management_account && !is_service_linked_role(facts)
}
