//! Which actions the policy of a resource can hold, by CloudFormation type. AWS publishes no such list as data; the
//! tables beside this file say where each answer comes from, and what is not written down is derived: a policy can
//! hold the actions whose resource types are those of the resource and of what is in it.

mod compute;
mod data_stores;
mod storage;

use super::Catalogue;
use super::action::Action;
use super::resource_type::ResourceType;
use super::service::Service;

/// One answer of [`Catalogue::resource_policy_actions`].
#[derive(Clone, Debug)]
pub struct ResourcePolicyAction<'a> {
    /// The action.
    pub action: Action<'a>,
    /// On what the action acts, of what the policy covers: the bucket or its objects. Never empty.
    pub resource_types: Vec<ResourceType<'a>>,
    /// Whether a principal of another account can use the action by way of the policy.
    pub cross_account: CrossAccount,
}

/// Whether a policy can let principals of other accounts use an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CrossAccount {
    /// AWS documents that it can.
    Supported,
    /// AWS documents that such a grant has no effect.
    NotSupported,
    /// AWS's page does not say. Read it as possible.
    NotDocumented,
}

/// What is known about the policies of one CloudFormation type. The names of actions are without prefix.
struct ResourcePolicy {
    /// Types whose policies are alike.
    cloudformation_types: &'static [&'static str],
    service: &'static str,
    /// The resource types of the service authorization reference that the policy covers.
    covers: &'static [&'static str],
    holds: Holds,
    cross_account: CrossAccountActions,
    /// AWS's page behind the entry.
    source: &'static str,
}

/// Which actions a policy can hold.
enum Holds {
    /// Those on the resource types that the policy covers. AWS does not list them.
    OnCovered,
    /// The same but for some: most often the action that creates the resource, since there is no policy before it.
    OnCoveredExcept(&'static [&'static str]),
    /// The same and others that AWS's page shows in such policies; they count as acting on the first covered type.
    OnCoveredAnd(&'static [&'static str]),
    /// What AWS's page lists.
    Only(&'static [&'static str]),
}

/// Which actions work from another account.
enum CrossAccountActions {
    Every,
    /// These, and no others.
    Only(&'static [&'static str]),
    /// All but these.
    Except(&'static [&'static str]),
    /// AWS's page decides about these; of others it says nothing.
    Listed {
        supported: &'static [&'static str],
        not_supported: &'static [&'static str],
    },
    NotDocumented,
}

const RESOURCE_POLICIES: [&[ResourcePolicy]; 3] =
    [compute::RESOURCE_POLICIES, data_stores::RESOURCE_POLICIES, storage::RESOURCE_POLICIES];

impl Catalogue {
    /// The actions that the policy of a resource of this CloudFormation type can hold, in the order of their names
    /// without regard to case. For the snapshots, which are shared without a policy, what sharing allows. None where
    /// the type is not known to have policies; [`Catalogue::resource_policy_types`] lists those that are.
    #[must_use]
    pub fn resource_policy_actions(
        &self,
        cloudformation_type: &str,
    ) -> Option<Vec<ResourcePolicyAction<'_>>> {
        let policy =
            all().find(|policy| policy.cloudformation_types.contains(&cloudformation_type))?;
        let service = self.service(policy.service)?;
        Some(service.actions().filter_map(|action| policy.hold(service, action)).collect())
    }

    /// The CloudFormation types that [`Catalogue::resource_policy_actions`] knows, sorted.
    #[must_use]
    pub fn resource_policy_types(&self) -> Vec<&'static str> {
        let mut types: Vec<_> =
            all().flat_map(|policy| policy.cloudformation_types).copied().collect();
        types.sort_unstable();
        types
    }

    /// AWS's page about the policies of this CloudFormation type.
    #[must_use]
    pub fn resource_policy_source(&self, cloudformation_type: &str) -> Option<&'static str> {
        let policy =
            all().find(|policy| policy.cloudformation_types.contains(&cloudformation_type))?;
        Some(policy.source)
    }
}

fn all() -> impl Iterator<Item = &'static ResourcePolicy> {
    RESOURCE_POLICIES.into_iter().flatten()
}

impl ResourcePolicy {
    /// The action as the policy can hold it, if it can.
    fn hold<'a>(
        &self,
        service: Service<'a>,
        action: Action<'a>,
    ) -> Option<ResourcePolicyAction<'a>> {
        let mut resource_types: Vec<ResourceType<'a>> = action
            .resource_types()
            .map(|resource| resource.resource_type())
            .filter(|resource_type| self.covers.contains(&resource_type.name()))
            .collect();
        let name = action.name();
        let held = match self.holds {
            Holds::OnCovered => !resource_types.is_empty(),
            Holds::OnCoveredExcept(without) => {
                !resource_types.is_empty() && !without.contains(&name)
            }
            Holds::OnCoveredAnd(also) => !resource_types.is_empty() || also.contains(&name),
            Holds::Only(only) => only.contains(&name),
        };
        if !held {
            return None;
        }
        if resource_types.is_empty() {
            resource_types.push(service.resource_type(self.covers.first()?)?);
        }
        Some(ResourcePolicyAction {
            action,
            resource_types,
            cross_account: self.cross_account(name),
        })
    }

    fn cross_account(&self, name: &str) -> CrossAccount {
        match self.cross_account {
            CrossAccountActions::Every => CrossAccount::Supported,
            CrossAccountActions::Only(only) if only.contains(&name) => CrossAccount::Supported,
            CrossAccountActions::Only(_) => CrossAccount::NotSupported,
            CrossAccountActions::Except(except) if except.contains(&name) => {
                CrossAccount::NotSupported
            }
            CrossAccountActions::Except(_) => CrossAccount::Supported,
            CrossAccountActions::Listed { supported, .. } if supported.contains(&name) => {
                CrossAccount::Supported
            }
            CrossAccountActions::Listed { not_supported, .. } if not_supported.contains(&name) => {
                CrossAccount::NotSupported
            }
            CrossAccountActions::Listed { .. } | CrossAccountActions::NotDocumented => {
                CrossAccount::NotDocumented
            }
        }
    }
}

/// Every name in the tables that the catalogue does not have; a test says that there is none.
#[cfg(test)]
pub(super) fn unknown_names(catalogue: &Catalogue) -> Vec<String> {
    let mut unknown = Vec::new();
    for policy in all() {
        let Some(service) = catalogue.service(policy.service) else {
            unknown.push(policy.service.to_owned());
            continue;
        };
        let types = policy.covers.iter().filter(|name| service.resource_type(name).is_none());
        unknown.extend(types.map(|name| format!("{}: {name}", policy.service)));
        let held: &[&[&str]] = match policy.holds {
            Holds::OnCovered => &[],
            Holds::OnCoveredExcept(names) | Holds::OnCoveredAnd(names) | Holds::Only(names) => {
                &[names]
            }
        };
        let cross: &[&[&str]] = match policy.cross_account {
            CrossAccountActions::Every | CrossAccountActions::NotDocumented => &[],
            CrossAccountActions::Only(names) | CrossAccountActions::Except(names) => &[names],
            CrossAccountActions::Listed { supported, not_supported } => &[supported, not_supported],
        };
        let actions = held.iter().chain(cross).copied().flatten();
        let wrong = actions
            .filter(|name| service.action(name).is_none_or(|action| action.name() != **name));
        unknown.extend(wrong.map(|name| format!("{}:{name}", policy.service)));
    }
    unknown
}
