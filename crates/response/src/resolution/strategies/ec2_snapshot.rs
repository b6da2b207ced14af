#![doc = include_str!("ec2_snapshot.md")]

use ringfence_access::inventory::ResourceType;

use super::{Strategy, removal};

pub(super) const UNIT: Strategy = Strategy {
    resource_type: ResourceType::Ec2Snapshot,
    policy: None,
    offers: removal,
    how: "the account or the group `all` is taken off the list (ModifySnapshotAttribute)",
    closes: "accounts, everybody",
    cannot: "volumes and copies that were made while it was shared; everybody, under an organization as zone of trust, without a loss inside",
};
