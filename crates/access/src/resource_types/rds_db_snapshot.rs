#![doc = include_str!("rds_db_snapshot.md")]

use super::Unit;
use crate::external::{Analysis, Outcome};
use crate::inventory::{Configuration, Resource, ResourceType};
use crate::shared_snapshot::{Shared, analyze_shared};

pub(super) const UNIT: Unit = Unit { resource_type: ResourceType::RdsDbSnapshot, analyze };

/// What an account that a snapshot is shared with can do with it.
const ACTIONS: &[&str] = &["rds:CopyDBSnapshot", "rds:RestoreDBInstanceFromDBSnapshot"];

fn analyze<'a>(analysis: &Analysis<'a>, resource: &'a Resource) -> Outcome<'a> {
    let Configuration::RdsDbSnapshot(own) = &resource.configuration else {
        return Outcome::default();
    };
    let (everyone, accounts) = own.restore_account_ids.iter().partition(|id| id.value == "all");
    let shared = Shared {
        accounts,
        everyone,
        encrypted: own.encrypted == Some(true) || own.kms_key_id.is_some(),
        public_blocked: false,
    };
    analyze_shared(analysis, resource, &shared, ACTIONS)
}
