#![doc = include_str!("sns_topic.md")]

use ringfence_access::inventory::ResourceType;

use super::{Strategy, deny_or_removal_of_one};
use crate::resolution::rules::{Administration, Anonymous, PolicyRules, Size, itself};
use crate::slot::Slot;

pub(super) const UNIT: Strategy = Strategy {
    resource_type: ResourceType::SnsTopic,
    policy: Some(PolicyRules {
        slot: Slot::TopicPolicy,
        size: Size::Bytes(30_720),
        statements: None,
        actions: None,
        resources: itself,
        validated_as: None,
        administration: Administration::NotDenied(&["sns:SetTopicAttributes"]),
        anonymous: Anonymous::Nobody,
    }),
    offers: deny_or_removal_of_one,
    how: "a Deny; for everybody, one that spares the zone of trust and services; else the principal is taken out",
    closes: "the topic policy",
    cannot: "subscriptions that were made while it was open: they stay",
};
