#![doc = include_str!("secrets_manager_secret.md")]

use ringfence_access::inventory::ResourceType;

use super::{Strategy, deny_or_removal};
use crate::resolution::rules::{Administration, Anonymous, PolicyRules, Size, anything};
use crate::slot::Slot;

pub(super) const UNIT: Strategy = Strategy {
    resource_type: ResourceType::SecretsManagerSecret,
    policy: Some(PolicyRules {
        slot: Slot::SecretPolicy,
        size: Size::Bytes(20_480),
        statements: None,
        actions: None,
        resources: anything,
        validated_as: None,
        administration: Administration::NotDenied(&[
            "secretsmanager:DeleteResourcePolicy",
            "secretsmanager:PutResourcePolicy",
        ]),
        anonymous: Anonymous::Nobody,
    }),
    offers: deny_or_removal,
    how: "a Deny; for everybody, one that spares the zone of trust and services; else the principal is taken out",
    closes: "the secret policy",
    cannot: "what was read while it was open: rotate the secret",
};
