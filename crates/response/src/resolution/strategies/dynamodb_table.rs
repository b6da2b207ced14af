#![doc = include_str!("dynamodb_table.md")]

use ringfence_access::inventory::ResourceType;
use ringfence_validation::ValidatePolicyResourceType;

use super::{Strategy, deny_or_removal};
use crate::resolution::rules::{Administration, Anonymous, PolicyRules, Size, table_and_indexes};
use crate::slot::Slot;

pub(super) const UNIT: Strategy = Strategy {
    resource_type: ResourceType::DynamodbTable,
    policy: Some(PolicyRules {
        slot: Slot::TablePolicy,
        size: Size::Bytes(20_480),
        statements: None,
        actions: None,
        resources: table_and_indexes,
        validated_as: Some(ValidatePolicyResourceType::DynamoDbTable),
        administration: Administration::NotDenied(&[
            "dynamodb:DeleteResourcePolicy",
            "dynamodb:PutResourcePolicy",
        ]),
        anonymous: Anonymous::Nobody,
    }),
    offers: deny_or_removal,
    how: "a Deny; for everybody, one that spares the zone of trust and services; else the principal is taken out",
    closes: "the table policy",
    cannot: "nothing that the policy says",
};
