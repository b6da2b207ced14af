#![doc = include_str!("dynamodb_stream.md")]

use ringfence_access::inventory::ResourceType;

use super::{Strategy, deny_or_removal};
use crate::resolution::rules::{Administration, Anonymous, PolicyRules, Size, itself};
use crate::slot::Slot;

pub(super) const UNIT: Strategy = Strategy {
    resource_type: ResourceType::DynamodbStream,
    policy: Some(PolicyRules {
        slot: Slot::StreamPolicy,
        size: Size::Bytes(20_480),
        statements: None,
        actions: None,
        resources: itself,
        validated_as: None,
        administration: Administration::NotDenied(&[
            "dynamodb:DeleteResourcePolicy",
            "dynamodb:PutResourcePolicy",
        ]),
        anonymous: Anonymous::Nobody,
    }),
    offers: deny_or_removal,
    how: "a Deny; for everybody, one that spares the zone of trust and services; else the principal is taken out",
    closes: "the stream policy",
    cannot: "nothing that the policy says",
};
