#![doc = include_str!("iam_role.md")]

use super::{Unit, of_policy};
use crate::external::{Analysis, Outcome};
use crate::inventory::{Configuration, Resource, ResourceType};

pub(super) const UNIT: Unit = Unit { resource_type: ResourceType::IamRole, analyze };

fn analyze<'a>(analysis: &Analysis<'a>, resource: &'a Resource) -> Outcome<'a> {
    let Configuration::IamRole(own) = &resource.configuration else { return Outcome::default() };
    of_policy(analysis, resource, Some(&own.trust_policy), |_| Some(resource.arn.clone()))
}
