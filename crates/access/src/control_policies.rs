//! Resource control policies: they are not taken off the access, findings only say whether they bear on it.
//!
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ExternalAccessDetails.html>

use ringfence_policy::AccountId;
use ringfence_policy::catalogue::Catalogue;
use ringfence_reasoning::abstraction::ActionMatcher;

use crate::inventory::{Inventory, PolicyLevels};
use crate::observation::ResourceControlPolicyRestriction;

/// What the resource control policies above an account deny.
pub(crate) enum ControlPolicies {
    /// These actions, under some conditions.
    Deny(Vec<ActionMatcher>),
    /// One of them cannot be read.
    NotReadable,
}

impl ControlPolicies {
    /// Those of `account`; none where it is in no organization.
    pub(crate) fn of(inventory: &Inventory, account: &AccountId) -> Self {
        let levels = match &inventory.organization {
            Some(organization) if organization.accounts.contains_key(account) => {
                organization.rcps_of(account)
            }
            Some(_) | None => return Self::Deny(Vec::new()),
        };
        let PolicyLevels::Levels(levels) = levels else { return Self::Deny(Vec::new()) };
        let mut denied = Vec::new();
        for policy in levels.into_iter().flatten() {
            match &policy.document {
                Ok(document) => {
                    denied
                        .extend(document.deny_statements().map(|s| ActionMatcher::new(&s.action)));
                }
                Err(_) => return Self::NotReadable,
            }
        }
        Self::Deny(denied)
    }

    /// Whether they bear on access by `actions`.
    pub(crate) fn on(&self, actions: &[String]) -> ResourceControlPolicyRestriction {
        let applies = |matchers: &[ActionMatcher]| {
            actions.iter().any(|action| matchers.iter().any(|own| own.matches(action)))
        };
        match self {
            _ if !are_covered(actions) => ResourceControlPolicyRestriction::NotApplicable,
            Self::NotReadable => ResourceControlPolicyRestriction::FailedToEvaluateRcp,
            Self::Deny(matchers) if applies(matchers) => {
                ResourceControlPolicyRestriction::Applicable
            }
            Self::Deny(_) => ResourceControlPolicyRestriction::NotApplicable,
        }
    }
}

/// Whether resource control policies exist for the service of the actions.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services>
fn are_covered(actions: &[String]) -> bool {
    let service = actions.first().and_then(|action| action.split(':').next());
    let known = service.and_then(|prefix| Catalogue::embedded().service(prefix));
    known.is_some_and(|service| service.supports_resource_control_policies())
}
