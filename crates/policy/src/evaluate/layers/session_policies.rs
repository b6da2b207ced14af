#![doc = include_str!("session_policies.md")]

use super::{Reading, is_iam_principal};
use crate::evaluate::facts::Facts;
use crate::evaluate::stack::{Layer, PolicyStack};
use crate::request::Caller;

pub(super) fn read<'p>(facts: &Facts<'_>, stack: &'p PolicyStack) -> Option<Reading<'p>> {
    let caller = facts.caller();
    let has_session = is_iam_principal(caller) || matches!(caller, Caller::Root { .. });
    let documents = stack.session_policies.as_ref().filter(|_| has_session)?;
    Some(Reading::new(Layer::SessionPolicies, None, documents, facts))
}
