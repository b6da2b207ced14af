//! The types of resources that a service's actions act on.

use std::fmt;

use super::condition_key::ConditionKey;
use super::section::{ActionResourceRecord, ResourceTypeRecord, words};
use super::service::Service;

/// A type of resource, as AWS's service authorization reference names it: `bucket` of `s3`. Not a CloudFormation
/// type.
#[derive(Clone, Copy)]
pub struct ResourceType<'a> {
    pub(super) service: Service<'a>,
    pub(super) record: &'a ResourceTypeRecord,
}

/// A resource type in its role for one action.
pub struct ActionResourceType<'a> {
    pub(super) resource_type: ResourceType<'a>,
    pub(super) record: ActionResourceRecord<'a>,
}

impl<'a> ResourceType<'a> {
    /// The service that defines the type.
    #[must_use]
    pub fn service(self) -> Service<'a> {
        self.service
    }

    /// AWS's name of the type, unique within the service.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.record.name
    }

    /// The forms of the ARN, with places to fill in: `arn:${Partition}:s3:::${BucketName}`.
    pub fn arn_formats(self) -> impl Iterator<Item = &'static str> {
        words(self.record.arn_formats)
    }

    /// The condition keys that describe a resource of this type.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey> + use<'a> {
        self.service.keys(self.service.section().resource_type_keys(self.record))
    }
}

impl<'a> ActionResourceType<'a> {
    /// The type.
    #[must_use]
    pub fn resource_type(&self) -> ResourceType<'a> {
        self.resource_type
    }

    /// Whether every request for the action names a resource of this type. AWS marks these with an asterisk; of
    /// the others one or none is named.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.record.required
    }

    /// The condition keys that apply to the action on a resource of this type.
    pub fn condition_keys(&self) -> impl Iterator<Item = ConditionKey> + use<'a> {
        let service = self.resource_type.service;
        service.keys(service.section().action_resource_keys(&self.record))
    }
}

impl fmt::Debug for ResourceType<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ResourceType({} {})", self.service.prefix(), self.name())
    }
}

impl PartialEq for ResourceType<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.service.prefix(), self.name()) == (other.service.prefix(), other.name())
    }
}

impl Eq for ResourceType<'_> {}

impl fmt::Debug for ActionResourceType<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let required = if self.is_required() { "required" } else { "optional" };
        write!(formatter, "{:?}, {required}", self.resource_type)
    }
}
