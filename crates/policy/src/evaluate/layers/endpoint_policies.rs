#![doc = include_str!("endpoint_policies.md")]

use super::Reading;
use crate::evaluate::facts::Facts;
use crate::evaluate::stack::{Layer, PolicyStack};

pub(super) fn read<'p>(facts: &Facts<'_>, stack: &'p PolicyStack) -> Option<Reading<'p>> {
    let documents = stack.endpoint_policies.as_ref()?;
    Some(Reading::new(Layer::EndpointPolicies, None, documents, facts))
}
