#![doc = include_str!("kms_key.md")]

use ringfence_access::inventory::ResourceType;

use super::Strategy;
use crate::resolution::candidate::Candidate;
use crate::resolution::case::Case;
use crate::resolution::offers;
use crate::resolution::rules::{Administration, Anonymous, Empty, PolicyRules, Size};
use crate::resolution::slots::Place;
use crate::slot::Slot;

pub(super) const UNIT: Strategy = Strategy {
    resource_type: ResourceType::KmsKey,
    policy: Some(PolicyRules {
        slot: Slot::KeyPolicy,
        size: Size::Bytes(32_768),
        statements: None,
        actions: None,
        resources: the_key,
        validated_as: None,
        administration: Administration::Allowed("kms:PutKeyPolicy"),
        anonymous: Anonymous::Nobody,
    }),
    offers,
    how: "a Deny in the key policy, which binds grants too; where grants alone let in, they are revoked",
    closes: "the key policy, grants, both together",
    cannot: "keys that an AWS service manages; a key whose policy lets nobody of the account change it: KMS refuses every new policy",
};

/// In a key policy the key is `*`.
fn the_key(_: &str) -> Vec<String> {
    vec!["*".to_owned()]
}

fn offers(case: &Case<'_>, strategy: &Strategy) -> Vec<Candidate> {
    let Some(rules) = &strategy.policy else { return Vec::new() };
    let by_grants_alone = case.places.iter().all(|own| matches!(own, Place::Entry(..)));
    let removal = offers::removal(case, Empty::NotTaken);
    let deny = offers::deny(case, rules);
    match by_grants_alone {
        true => removal.into_iter().chain(deny).collect(),
        false => deny.into_iter().chain(removal).collect(),
    }
}
