#![doc = include_str!("ecr_repository.md")]

use ringfence_access::inventory::ResourceType;

use super::{Strategy, deny_or_removal};
use crate::resolution::rules::{Administration, Anonymous, PolicyRules, Size, no_resource};
use crate::slot::Slot;

pub(super) const UNIT: Strategy = Strategy {
    resource_type: ResourceType::EcrRepository,
    policy: Some(PolicyRules {
        slot: Slot::RepositoryPolicy,
        size: Size::Bytes(10_240),
        statements: None,
        actions: None,
        resources: no_resource,
        validated_as: None,
        administration: Administration::NotDenied(&[
            "ecr:DeleteRepositoryPolicy",
            "ecr:SetRepositoryPolicy",
        ]),
        anonymous: Anonymous::Nobody,
    }),
    offers: deny_or_removal,
    how: "a Deny; for everybody, one that spares the zone of trust and services; else the principal is taken out",
    closes: "the repository policy",
    cannot: "images that were pulled while it was open",
};
