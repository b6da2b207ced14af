#![doc = include_str!("iam_role.md")]

use ringfence_access::inventory::ResourceType;
use ringfence_validation::ValidatePolicyResourceType;

use super::{Strategy, deny_or_removal_of_one};
use crate::resolution::rules::{Administration, Anonymous, PolicyRules, Size, no_resource};
use crate::slot::Slot;

pub(super) const UNIT: Strategy = Strategy {
    resource_type: ResourceType::IamRole,
    policy: Some(PolicyRules {
        slot: Slot::RoleTrustPolicy,
        size: Size::Characters(2048),
        statements: None,
        actions: None,
        resources: no_resource,
        validated_as: Some(ValidatePolicyResourceType::RoleTrustPolicy),
        administration: Administration::IdentityPolicies,
        anonymous: Anonymous::Nobody,
    }),
    offers: deny_or_removal_of_one,
    how: "a Deny; for everybody, one that spares the zone of trust and services; else the principal is taken out",
    closes: "users, roles, sessions, accounts, identity providers, everybody; each only under the conditions of the finding",
    cannot: "roles that IAM Identity Center or a service keeps; trust policies whose only statement has to go because no Deny fits into 2,048 characters: a role has to have one",
};
