//! A resource: what it is, whose it is, where it was read, how it is configured.

use std::sync::Arc;

use ringfence_policy::AccountId;
use ringfence_policy::location::Position;

use super::{Configuration, ResourceType};

/// A resource that others may be given access to.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The resource's ARN.
    pub arn: String,
    /// The account that owns it. The ARN of a bucket or an EBS snapshot does not say it.
    pub account: AccountId,
    /// Its Region; `global` for a role.
    pub region: Arc<str>,
    /// Its tags, in the order of the file.
    pub tags: Vec<Tag>,
    /// The file that describes it.
    pub file: Arc<str>,
    /// Where in the file its description starts.
    pub position: Position,
    /// What decides about access to it.
    pub configuration: Configuration,
}

impl Resource {
    /// Its type.
    #[must_use]
    pub fn resource_type(&self) -> ResourceType {
        self.configuration.resource_type()
    }

    /// Whether its name is known. That of a planned resource may not be; its ARN is then a pattern.
    #[must_use]
    pub fn has_name(&self) -> bool {
        !self.arn.contains(['*', '?'])
    }

    /// The value of the tag called `key`; names of tags are told apart by case.
    #[must_use]
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.tags.iter().find(|tag| tag.key == key).map(|tag| tag.value.as_str())
    }
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag {
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// A value and where its file says it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub position: Position,
}
