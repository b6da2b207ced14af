#![doc = include_str!("dynamodb_table.md")]

use super::{Unit, of_policy};
use crate::external::{Analysis, Outcome};
use crate::inventory::{Configuration, Resource, ResourceType};

pub(super) const UNIT: Unit = Unit { resource_type: ResourceType::DynamodbTable, analyze };

fn analyze<'a>(analysis: &Analysis<'a>, resource: &'a Resource) -> Outcome<'a> {
    let Configuration::DynamodbTable(own) = &resource.configuration else {
        return Outcome::default();
    };
    // A table's policy speaks for its indexes too.
    of_policy(analysis, resource, own.table_policy.as_ref(), |name| match name {
        "index" => Some(format!("{}/index/*", resource.arn)),
        _ => Some(resource.arn.clone()),
    })
}
