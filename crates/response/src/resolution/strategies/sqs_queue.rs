#![doc = include_str!("sqs_queue.md")]

use ringfence_access::inventory::ResourceType;

use super::{Strategy, deny_or_removal};
use crate::resolution::rules::{Administration, Anonymous, PolicyRules, Size, itself};
use crate::slot::Slot;

pub(super) const UNIT: Strategy = Strategy {
    resource_type: ResourceType::SqsQueue,
    policy: Some(PolicyRules {
        slot: Slot::QueuePolicy,
        size: Size::Bytes(8_192),
        statements: Some(20),
        actions: Some(7),
        resources: itself,
        validated_as: None,
        administration: Administration::NotDenied(&["sqs:SetQueueAttributes"]),
        anonymous: Anonymous::Nobody,
    }),
    offers: deny_or_removal,
    how: "a Deny; for everybody, one that spares the zone of trust and services; else the principal is taken out",
    closes: "the queue policy",
    cannot: "nothing that the policy says; 20 statements and 7 actions a statement are the limit, then the principal is taken out",
};
