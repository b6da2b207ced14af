//! KMS keys, their aliases and grants.

use std::collections::BTreeMap;

use ringfence_access::inventory::{
    Configuration, KmsGrant, KmsGrantConstraints, KmsKey, ResourceType,
};

use super::draft::Draft;
use super::simple::arn_of;
use super::{Assembly, PlannedResource, Whereabouts};
use crate::planned::{Planned, Text};

fn empty() -> Configuration {
    Configuration::KmsKey(Box::default())
}

pub(super) fn key(assembly: &mut Assembly, own: &PlannedResource) {
    let Some(arn) = own.arn.clone() else { return };
    let mut draft = Draft::new(own, arn, empty());
    let key_policy = draft.policy("KeyPolicy", own.properties.get("KeyPolicy"), &own.presence);
    draft.configuration =
        Configuration::KmsKey(Box::new(KmsKey { key_policy, ..KmsKey::default() }));
    assembly.push(draft);
}

pub(super) fn attached(assembly: &mut Assembly, own: &PlannedResource) {
    let name = if own.resource_type == "AWS::KMS::Alias" { "TargetKeyId" } else { "KeyId" };
    let Some(name) = own.properties.get(name).and_then(Planned::as_text) else { return };
    let is_alias = own.resource_type == "AWS::KMS::Alias";
    let is_there = |draft: &Draft| {
        draft.configuration.resource_type() == ResourceType::KmsKey && draft.is_named(&name)
    };
    if is_alias && !assembly.drafts.iter().any(is_there) {
        return; // An alias says nothing about a key that is not described.
    }
    let otherwise = |place: &Whereabouts| (arn_of(&name, "kms", "key/", place), empty());
    let draft = assembly.target(own, ResourceType::KmsKey, &name, otherwise);
    if own.resource_type == "Ringfence::KMS::KeyPolicy" {
        let policy = draft.policy("policy", own.properties.get("KeyPolicy"), &own.presence);
        if let Configuration::KmsKey(key) = &mut draft.configuration {
            key.key_policy = policy;
        }
        return;
    }
    let properties = &own.properties;
    if !is_alias && let Some(unknown) = properties.first_unknown() {
        draft.policies.assume(unknown, &properties.place);
    }
    let account = own.whereabouts.account.to_string();
    let Configuration::KmsKey(key) = &mut draft.configuration else { return };
    match is_alias {
        true => {
            // Conditions on aliases only count where all of them are known.
            key.aliases.extend(properties.get("AliasName").and_then(Planned::as_known_text));
        }
        false => key.grants.push(grant(properties, account)),
    }
}

fn grant(properties: &Planned, issuing_account: String) -> KmsGrant {
    let text =
        |name: &str| properties.get(name).and_then(Planned::as_text).map(|own| own.pattern());
    let operations = properties.get("Operations").map(Planned::one_or_many).unwrap_or_default();
    let constraints = properties.get("Constraints").map(Planned::one_or_many).unwrap_or_default();
    let map = |name: &str| {
        let found = constraints.first()?.get(name)?;
        let pair = |(key, value): &(crate::node::Key, Planned)| {
            Some((key.name.clone(), value.as_known_text()?))
        };
        let pairs: BTreeMap<String, String> = found.members().iter().filter_map(pair).collect();
        (!pairs.is_empty()).then_some(pairs)
    };
    let constraints = KmsGrantConstraints {
        encryption_context_equals: map("EncryptionContextEquals"),
        encryption_context_subset: map("EncryptionContextSubset"),
    };
    let is_bound = constraints != KmsGrantConstraints::default();
    KmsGrant {
        operations: operations
            .iter()
            .filter_map(Planned::as_text)
            .map(|own: Text| own.pattern())
            .collect(),
        grantee_principal: text("GranteePrincipal")
            .map(|text| if text.contains('*') { "*".to_owned() } else { text })
            .unwrap_or_else(|| "*".to_owned()),
        retiring_principal: text("RetiringPrincipal"),
        constraints: is_bound.then_some(constraints),
        issuing_account,
        position: properties.place.start,
    }
}
