#![doc = include_str!("rds_db_cluster_snapshot.md")]

use ringfence_access::inventory::ResourceType;

use super::{Strategy, removal};

pub(super) const UNIT: Strategy = Strategy {
    resource_type: ResourceType::RdsDbClusterSnapshot,
    policy: None,
    offers: removal,
    how: "the account or `all` is taken off the list (ModifyDBClusterSnapshotAttribute)",
    closes: "accounts, everybody",
    cannot: "clusters and copies that were made while it was shared; everybody, under an organization as zone of trust, without a loss inside",
};
