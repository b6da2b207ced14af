//! Rules without the parts that read what is not known: whether they could hold, if it were known.

use std::sync::OnceLock;

use cedar_policy::{Effect, Policy, PolicyId, PolicySet};
use serde_json::{Value, json};

use super::reads::{Facts, Reads};
use super::{ByAction, Rule};

/// The rules that read a fact of a set, without the parts that do, all as permits: made when a set is first missing.
pub(super) struct Weakened {
    sets: Vec<OnceLock<ByAction<PolicySet>>>,
}

impl std::fmt::Debug for Weakened {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Weakened")
    }
}

impl Weakened {
    pub(super) fn new() -> Self {
        Self { sets: (0..Facts::SETS).map(|_| OnceLock::new()).collect() }
    }

    /// Those of `rules` for when `missing` is not known.
    pub(super) fn of(&self, missing: Facts, rules: &[Rule]) -> Option<&ByAction<PolicySet>> {
        let slot = self.sets.get(missing.index())?;
        Some(slot.get_or_init(|| {
            let made = ByAction::try_from_fn(|action| {
                let own = rules.iter().filter(|rule| {
                    rule.actions.contains(&action) && !rule.reads.facts.and(missing).is_empty()
                });
                let mut set = PolicySet::new();
                for rule in own {
                    let keeps = |reads: &Reads| reads.facts.and(missing).is_empty();
                    // Loading has seen that every rule can be taken apart.
                    if let Some(policy) = without(rule, keeps) {
                        _ = set.add(policy);
                    }
                }
                Ok::<_, std::convert::Infallible>(set)
            });
            match made {
                Ok(sets) => sets,
                Err(never) => match never {},
            }
        }))
    }
}

/// `rule` as a permit, with the parts only that `keeps` says.
pub(super) fn without(rule: &Rule, keeps: impl Fn(&Reads) -> bool) -> Option<Policy> {
    let kept = rule.conjuncts.iter().filter(|own| keeps(&own.reads));
    let conditions: Vec<Value> =
        kept.map(|own| json!({ "kind": "when", "body": own.expression })).collect();
    let mut policy = rule.scope.clone();
    let members = policy.as_object_mut()?;
    members.insert("effect".to_owned(), json!(Effect::Permit.to_string()));
    members.insert("conditions".to_owned(), Value::Array(conditions));
    Policy::from_json(Some(PolicyId::new(&rule.id)), policy).ok()
}
