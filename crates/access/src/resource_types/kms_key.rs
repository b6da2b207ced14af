#![doc = include_str!("kms_key.md")]

use ringfence_policy::Caller;
use serde_json::json;

use super::{Unit, question, unsourced};
use crate::external::{Analysis, Obstacle, Outcome};
use crate::inventory::{Configuration, KmsKey, Resource, ResourceType};
use crate::question::{Origin, Place, ways};
use crate::synthetic;

pub(super) const UNIT: Unit = Unit { resource_type: ResourceType::KmsKey, analyze };

fn analyze<'a>(analysis: &Analysis<'a>, resource: &'a Resource) -> Outcome<'a> {
    let Configuration::KmsKey(key) = &resource.configuration else { return Outcome::default() };
    let mut layer = vec![grants(key, resource)];
    if let Some(source) = &key.key_policy {
        match source.parse() {
            Ok(document) => layer.push(Origin { document, place: Place::Policy(source) }),
            // Its Deny statements would bind the grants too, so nothing is known of either.
            Err(_) => return (Vec::new(), vec![Obstacle::Policy(source)]),
        }
    }
    let actions = analysis.actions_on(ResourceType::KmsKey, |_| Some(resource.arn.clone()));
    unsourced(ways(&question(analysis, resource, vec![layer], &actions)))
}

/// The grants as statements. Their constraints on the encryption context are conditions that findings
/// do not report, and callers choose the context themselves.
fn grants<'a>(key: &'a KmsKey, resource: &'a Resource) -> Origin<'a> {
    let mut statements = Vec::new();
    let mut positions = Vec::new();
    for grant in &key.grants {
        let principal = match Caller::parse(&grant.grantee_principal) {
            Some(Caller::Service(name)) => json!({"Service": name}),
            _ => json!({"AWS": grant.grantee_principal}),
        };
        let actions: Vec<String> =
            grant.operations.iter().map(|operation| format!("kms:{operation}")).collect();
        statements.push(synthetic::allow(principal, &actions, &[]));
        positions.push(grant.position);
    }
    let document = synthetic::document(statements);
    Origin { document, place: Place::Positions(&resource.file, positions) }
}
