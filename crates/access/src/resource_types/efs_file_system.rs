#![doc = include_str!("efs_file_system.md")]

use super::{Unit, of_policy};
use crate::external::{Analysis, Outcome};
use crate::inventory::{Configuration, Resource, ResourceType};

pub(super) const UNIT: Unit = Unit { resource_type: ResourceType::EfsFileSystem, analyze };

fn analyze<'a>(analysis: &Analysis<'a>, resource: &'a Resource) -> Outcome<'a> {
    let Configuration::EfsFileSystem(own) = &resource.configuration else {
        return Outcome::default();
    };
    of_policy(analysis, resource, own.file_system_policy.as_ref(), |_| Some(resource.arn.clone()))
}
