#![doc = include_str!("kms_key.md")]

use ringfence_policy::{Caller, PolicyDocument};
use serde_json::{Map, Value, json};

use super::{Unit, question, unsourced};
use crate::external::{Analysis, Obstacle, Outcome};
use crate::inventory::{Configuration, KmsGrantConstraints, KmsKey, Resource, ResourceType};
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
    let by_alias = layer.iter().any(|origin| asks_for_alias(&origin.document));
    let mut asked = question(analysis, resource, vec![layer], &actions);
    // Where no alias was read, there may be some.
    if by_alias && !key.aliases.is_empty() {
        asked
            .within
            .extend(aliases(&key.aliases).into_iter().filter_map(|own| synthetic::within(&own)));
    }
    unsourced(ways(&asked))
}

fn asks_for_alias(document: &PolicyDocument) -> bool {
    let mut conditions = document.statements.iter().flat_map(|statement| &statement.conditions);
    conditions
        .any(|own| matches!(own.key.value.folded(), "kms:requestalias" | "kms:resourcealiases"))
}

/// What holds for requests for a key with these aliases:
/// <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-resource-aliases>.
pub(crate) fn aliases(all: &[String]) -> Vec<Value> {
    let own = |alias: &String| json!({"ForAnyValue:StringEquals": {"kms:ResourceAliases": escaped(alias)}});
    let all_escaped: Vec<String> = all.iter().map(|alias| escaped(alias)).collect();
    let mut conditions: Vec<Value> = all.iter().map(own).collect();
    conditions.push(json!({"ForAllValues:StringEquals": {"kms:ResourceAliases": all_escaped}}));
    conditions.push(json!({"StringEqualsIfExists": {"kms:RequestAlias": all_escaped}}));
    conditions
}

/// Operations that have an encryption context, which the constraints of a grant look at. The others are
/// not held back by constraints, and neither is `CreateGrant` itself, only what it may hand on:
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html>.
const WITH_ENCRYPTION_CONTEXT: &[&str] = &[
    "Decrypt",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
];

/// The grants as statements.
pub(crate) fn grants<'a>(key: &'a KmsKey, resource: &'a Resource) -> Origin<'a> {
    let mut statements = Vec::new();
    let mut positions = Vec::new();
    for grant in &key.grants {
        let principal = match Caller::parse(&grant.grantee_principal) {
            Some(Caller::Service(name)) => json!({"Service": name}),
            _ => json!({"AWS": grant.grantee_principal}),
        };
        let conditions = grant.constraints.as_ref().map(conditions);
        let (constrained, free): (Vec<&String>, Vec<&String>) =
            grant.operations.iter().partition(|operation| {
                conditions.is_some() && WITH_ENCRYPTION_CONTEXT.contains(&operation.as_str())
            });
        for (operations, conditions) in [(constrained, conditions), (free, None)] {
            if operations.is_empty() {
                continue;
            }
            let actions: Vec<String> =
                operations.into_iter().map(|operation| format!("kms:{operation}")).collect();
            let who = match conditions {
                Some(conditions) => json!({"Principal": principal, "Condition": conditions}),
                None => json!({"Principal": principal}),
            };
            statements.push(synthetic::allow(who, &actions));
            positions.push(grant.position);
        }
    }
    let document = synthetic::document(&statements);
    Origin { document, place: Place::Positions(&resource.file, positions) }
}

/// What the constraints demand of the encryption context. Findings do not show it.
fn conditions(constraints: &KmsGrantConstraints) -> Value {
    let (equals, subset) =
        (&constraints.encryption_context_equals, &constraints.encryption_context_subset);
    let pairs = equals.iter().chain(subset).flatten();
    let demanded: Map<String, Value> = pairs
        .map(|(key, value)| (format!("kms:EncryptionContext:{key}"), escaped(value).into()))
        .collect();
    let mut conditions = json!({"StringEquals": demanded});
    if let (Some(equals), Some(all)) = (equals, conditions.as_object_mut()) {
        let keys: Vec<&String> = equals.keys().collect();
        let only = json!({"kms:EncryptionContextKeys": keys});
        all.insert("ForAllValues:StringEqualsIgnoreCase".into(), only);
    }
    conditions
}

/// The value as it is written where `${` starts a policy variable.
fn escaped(value: &str) -> String {
    value.replace('$', "${$}")
}
