//! Actions, and the SDK operations that are authorized as them.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::access_level::{AccessLevel, AccessLevels};
use super::condition_key::ConditionKey;
use super::resource_type::{ActionResourceType, ResourceType};
use super::section::{ActionRecord, words};
use super::service::Service;

/// An action of a service. Actions are equal where service and name are; their order is that of the two names.
#[derive(Clone, Copy)]
pub struct Action<'a> {
    pub(super) service: Service<'a>,
    pub(super) record: &'a ActionRecord,
}

/// Whether a feature of AWS covers an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Support {
    /// AWS's service reference says that it does.
    Supported,
    /// AWS's service reference says that it does not.
    NotSupported,
    /// AWS's service reference does not say, or does not list the action.
    Unknown,
}

/// An operation of a service's API, as the SDKs offer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SdkOperation {
    /// The prefix of the service that offers the operation; not always the action's.
    pub service: &'static str,
    /// AWS's name of the operation, such as `ListObjectsV2`.
    pub name: &'static str,
}

impl<'a> Action<'a> {
    /// The service whose prefix the action has.
    #[must_use]
    pub fn service(self) -> Service<'a> {
        self.service
    }

    /// The name without the service prefix, in AWS's case: `GetObject`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.record.name
    }

    /// Every access level that AWS gives the action; empty for some actions of retired services.
    #[must_use]
    pub fn access_levels(self) -> AccessLevels {
        self.record.levels
    }

    /// The one access level that AWS shows for the action.
    #[must_use]
    pub fn primary_access_level(self) -> Option<AccessLevel> {
        self.record.levels.primary()
    }

    /// What a statement's `Resource` can name for this action. None: only `*` works.
    pub fn resource_types(self) -> impl Iterator<Item = ActionResourceType<'a>> + use<'a> {
        let service = self.service;
        service.section().action_resources(self.record).map(move |record| ActionResourceType {
            resource_type: ResourceType { service, record: record.resource_type },
            record,
        })
    }

    /// The condition keys that apply whatever the resource. Those of [`Action::resource_types`] and the global keys
    /// come on top.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey> + use<'a> {
        self.service.keys(self.service.section().action_keys(self.record))
    }

    /// The other actions that the operation of this name may be checked against, in the order of their names:
    /// creating a function passes a role to it. AWS's service reference is the source, and does not say when each
    /// applies.
    #[must_use]
    pub fn dependent_actions(self) -> Vec<Action<'a>> {
        let mut actions = self.service.operation_actions(self.name());
        actions.retain(|action| *action != self);
        actions
    }

    /// Whether IAM Access Analyzer can put the action into a policy generated from CloudTrail events:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-policy-generation-action-last-accessed-support.html>.
    #[must_use]
    pub fn supports_policy_generation(self) -> Support {
        self.record.policy_generation
    }

    /// Whether IAM reports when the action was last used:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-action-last-accessed.html>.
    #[must_use]
    pub fn supports_last_accessed(self) -> Support {
        self.record.last_accessed
    }

    /// The operations, also of other services, for which a caller may need this action.
    pub fn sdk_operations(self) -> impl Iterator<Item = SdkOperation> + use<'a> {
        let (prefix, own) = (self.service.prefix(), self.name());
        words(self.record.operations).map(move |word| match word.split_once(':') {
            Some((service, name)) => SdkOperation { service, name },
            None if word == "=" => SdkOperation { service: prefix, name: own },
            None => SdkOperation { service: prefix, name: word },
        })
    }

    /// Whether the service's operation of this name is authorized as this action.
    pub(super) fn is_own_operation(self) -> bool {
        words(self.record.operations).any(|word| word == "=")
    }

    fn names(self) -> (&'static str, &'static str) {
        (self.service.prefix(), self.name())
    }
}

impl fmt::Display for Action<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.service.prefix(), self.name())
    }
}

impl fmt::Debug for Action<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Action({self})")
    }
}

impl PartialEq for Action<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.names() == other.names()
    }
}

impl Eq for Action<'_> {}

impl PartialOrd for Action<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Action<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.names().cmp(&other.names())
    }
}

impl Hash for Action<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.names().hash(state);
    }
}
