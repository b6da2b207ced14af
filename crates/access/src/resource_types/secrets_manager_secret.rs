#![doc = include_str!("secrets_manager_secret.md")]

use super::{Unit, of_policy};
use crate::external::{Analysis, Outcome};
use crate::inventory::{Configuration, Resource, ResourceType};

pub(super) const UNIT: Unit = Unit { resource_type: ResourceType::SecretsManagerSecret, analyze };

fn analyze<'a>(analysis: &Analysis<'a>, resource: &'a Resource) -> Outcome<'a> {
    let Configuration::SecretsManagerSecret(own) = &resource.configuration else {
        return Outcome::default();
    };
    of_policy(analysis, resource, own.secret_policy.as_ref(), |_| Some(resource.arn.clone()))
}
