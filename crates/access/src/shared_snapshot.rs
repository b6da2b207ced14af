//! Snapshots that are shared by lists of accounts: the list is read as a policy.

use ringfence_policy::AccountId;
use serde_json::json;

use crate::external::{Analysis, Obstacle, Outcome, Sourced};
use crate::inventory::{Placed, Resource};
use crate::question::{ActionOn, Origin, Place, ways};
use crate::resource_types::question;
use crate::synthetic;

/// With whom a snapshot is shared.
pub(crate) struct Shared<'s> {
    pub(crate) accounts: Vec<&'s Placed<String>>,
    pub(crate) everyone: Vec<&'s Placed<String>>,
    /// An encrypted snapshot cannot be public.
    pub(crate) encrypted: bool,
    /// A setting of the account treats public snapshots as private.
    pub(crate) public_blocked: bool,
}

/// The ways into a snapshot: each account of the list and, unless it is encrypted, everyone.
pub(crate) fn analyze_shared<'a>(
    analysis: &Analysis<'a>,
    resource: &'a Resource,
    shared: &Shared<'_>,
    actions: &[&str],
) -> Outcome<'a> {
    let actions: Vec<String> = actions.iter().map(|action| (*action).to_owned()).collect();
    let mut statements = Vec::new();
    let mut positions = Vec::new();
    for account in &shared.accounts {
        if AccountId::new(&account.value).is_some() {
            statements
                .push(synthetic::allow(json!({"Principal": {"AWS": account.value}}), &actions));
            positions.push(account.position);
        }
    }
    if !shared.encrypted && !shared.public_blocked {
        for everyone in &shared.everyone {
            statements.push(synthetic::allow(json!({"Principal": "*"}), &actions));
            positions.push(everyone.position);
        }
    }
    if statements.is_empty() {
        return Outcome::default();
    }
    let document = synthetic::document(&statements);
    let origin = Origin { document, place: Place::Positions(&resource.file, positions) };
    let on = |action: &String| ActionOn {
        action: action.clone(),
        resources: vec![resource.arn.clone()],
    };
    let on: Vec<ActionOn> = actions.iter().map(on).collect();
    match ways(&question(analysis, resource, vec![vec![origin]], &on)) {
        Ok(ways) => {
            let sourced = ways.into_iter().map(|way| Sourced { way, source: None });
            (sourced.collect(), Vec::new())
        }
        Err(limit) => (Vec::new(), vec![Obstacle::Limit(limit)]),
    }
}
