#![doc = include_str!("ec2_snapshot.md")]

use super::Unit;
use crate::external::{Analysis, Outcome};
use crate::inventory::{Configuration, EbsSnapshotBlockPublicAccess, Resource, ResourceType};
use crate::shared_snapshot::{Shared, analyze_shared};

pub(super) const UNIT: Unit = Unit { resource_type: ResourceType::Ec2Snapshot, analyze };

/// What an account that a snapshot is shared with can do with it.
const ACTIONS: &[&str] = &["ec2:CopySnapshot", "ec2:CreateVolume"];

fn analyze<'a>(analysis: &Analysis<'a>, resource: &'a Resource) -> Outcome<'a> {
    let Configuration::Ec2Snapshot(own) = &resource.configuration else {
        return Outcome::default();
    };
    let account = analysis.inventory().accounts.get(&resource.account);
    let block = account
        .and_then(|account| account.ebs_snapshot_block_public_access.get(resource.region.as_ref()));
    let shared = Shared {
        accounts: own.user_ids.iter().collect(),
        everyone: own.groups.iter().filter(|group| group.value == "all").collect(),
        encrypted: own.encrypted == Some(true) || own.kms_key_id.is_some(),
        public_blocked: block == Some(&EbsSnapshotBlockPublicAccess::BlockAllSharing),
    };
    analyze_shared(analysis, resource, &shared, ACTIONS)
}
