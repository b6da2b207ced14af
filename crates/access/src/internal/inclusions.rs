//! Which resources an analysis is about: AWS's `InternalAccessAnalysisRule`.
//!
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_InternalAccessAnalysisRuleCriteria.html>

use std::collections::BTreeSet;

use ringfence_policy::AccountId;

use crate::inventory::{Resource, ResourceType};

/// The chosen resources: those that one of the criteria describes, and all where there is no criterion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inclusions {
    /// The criteria.
    pub criteria: Vec<InclusionCriteria>,
}

/// A description of resources. A member that is empty says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InclusionCriteria {
    /// Of these accounts.
    pub account_ids: BTreeSet<AccountId>,
    /// Of these types.
    pub resource_types: BTreeSet<ResourceType>,
    /// With these ARNs.
    pub resource_arns: BTreeSet<String>,
}

impl Inclusions {
    /// Whether `resource` is chosen.
    #[must_use]
    pub fn contain(&self, resource: &Resource) -> bool {
        self.contain_described(&resource.account, resource.resource_type(), &resource.arn)
    }

    /// Whether a resource of which no more is known is chosen.
    #[must_use]
    pub fn contain_described(
        &self,
        account: &AccountId,
        resource_type: ResourceType,
        arn: &str,
    ) -> bool {
        let describes = |own: &InclusionCriteria| own.describe(account, resource_type, arn);
        self.criteria.is_empty() || self.criteria.iter().any(describes)
    }
}

impl InclusionCriteria {
    fn describe(&self, account: &AccountId, resource_type: ResourceType, arn: &str) -> bool {
        let Self { account_ids, resource_types, resource_arns } = self;
        (account_ids.is_empty() || account_ids.contains(account))
            && (resource_types.is_empty() || resource_types.contains(&resource_type))
            && (resource_arns.is_empty() || resource_arns.contains(arn))
    }
}
