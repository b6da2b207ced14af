#![doc = include_str!("dynamodb_stream.md")]

use super::{Unit, of_policy};
use crate::external::{Analysis, Outcome};
use crate::inventory::{Configuration, Resource, ResourceType};

pub(super) const UNIT: Unit = Unit { resource_type: ResourceType::DynamodbStream, analyze };

fn analyze<'a>(analysis: &Analysis<'a>, resource: &'a Resource) -> Outcome<'a> {
    let Configuration::DynamodbStream(own) = &resource.configuration else {
        return Outcome::default();
    };
    of_policy(analysis, resource, own.stream_policy.as_ref(), |_| Some(resource.arn.clone()))
}
