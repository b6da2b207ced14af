//! An organization: its tree of units and accounts, and the policies that bind them level by level.
//!
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_auth.html>

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ringfence_policy::{AccountId, PolicyDocument};

use super::{PolicyProblem, PolicySource, Tag};

/// An organization.
#[derive(Clone, Debug)]
pub struct Organization {
    /// Its id, `o-…`.
    pub id: String,
    /// The account that pays, which neither SCPs nor RCPs bind.
    pub management_account: AccountId,
    /// The roots, by id; AWS has one.
    pub roots: BTreeMap<String, Root>,
    /// The organizational units, by id.
    pub units: BTreeMap<String, OrganizationalUnit>,
    /// All accounts, also those that the inventory has nothing else of.
    pub accounts: BTreeMap<AccountId, OrganizationAccount>,
    /// The policies, in the order of the file; [`Organization::complete`] adds `RCPFullAWSAccess` where it is
    /// not among them.
    pub policies: Vec<OrganizationPolicy>,
    /// The file that describes it.
    pub file: Arc<str>,
}

/// The top of the tree.
#[derive(Clone, Debug)]
pub struct Root {
    /// Its id, `r-…`.
    pub id: String,
    /// The types of policies that bind anybody; the others do not, whatever they are attached to.
    pub enabled: BTreeSet<OrganizationPolicyType>,
}

/// An organizational unit.
#[derive(Clone, Debug)]
pub struct OrganizationalUnit {
    /// Its id, `ou-…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The unit or root it is in.
    pub parent_id: String,
}

/// An account of an organization.
#[derive(Clone, Debug)]
pub struct OrganizationAccount {
    /// The account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// `ACTIVE`, `SUSPENDED` and so on, where the file says it.
    pub status: Option<String>,
    /// The unit or root it is in.
    pub parent_id: String,
    /// The value of `aws:PrincipalOrgPaths` and `aws:ResourceOrgPaths`: `o-…/r-…/ou-…/`.
    pub org_path: String,
    /// Its tags.
    pub tags: Vec<Tag>,
}

/// The types of policies that decide about access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrganizationPolicyType {
    /// `SERVICE_CONTROL_POLICY`: binds the principals of an account.
    ServiceControlPolicy,
    /// `RESOURCE_CONTROL_POLICY`: binds the resources of an account.
    ResourceControlPolicy,
}

/// An SCP or RCP.
#[derive(Clone, Debug)]
pub struct OrganizationPolicy {
    /// Its id, `p-…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it binds.
    pub policy_type: OrganizationPolicyType,
    /// What it is attached to: ids of roots, units and accounts.
    pub targets: BTreeSet<String>,
    /// Its text.
    pub source: PolicySource,
    /// Its model, or what is wrong with it.
    pub document: Result<Arc<PolicyDocument>, Vec<PolicyProblem>>,
}

/// The policies of one type that bind an account.
#[derive(Clone, Debug)]
pub enum PolicyLevels<'o> {
    /// None do: the account is not of the organization, is its management account, or the type is not
    /// enabled.
    Unbound,
    /// One list a level: the root, each unit on the way down, the account itself. Each level must allow
    /// a request; a level without a policy allows nothing.
    Levels(Vec<Vec<&'o OrganizationPolicy>>),
}

/// What is inconsistent in the description of an organization.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrganizationError {
    /// Something is in a unit or root that does not exist, or in itself.
    #[error("`{0}` is in `{1}`, which leads to no root of the organization")]
    NoWayToRoot(String, String),
}

/// The policy that AWS attaches to everything once RCPs are enabled, and that cannot be detached:
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>.
const RCP_FULL_AWS_ACCESS: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#;
const RCP_FULL_AWS_ACCESS_ID: &str = "p-RCPFullAWSAccess";

impl OrganizationPolicy {
    /// A policy with its document read from `source`.
    #[must_use]
    pub fn new(
        id: String,
        name: String,
        policy_type: OrganizationPolicyType,
        targets: BTreeSet<String>,
        source: PolicySource,
    ) -> Self {
        let document = source.parse().map(Arc::new);
        Self { id, name, policy_type, targets, source, document }
    }
}

impl Organization {
    /// Fills in what follows from the rest: the `org_path` of each account and `RCPFullAWSAccess`.
    ///
    /// # Errors
    /// When an account or unit does not lead to a root.
    pub fn complete(mut self) -> Result<Self, OrganizationError> {
        for unit in self.units.values() {
            self.require_way(&unit.id, &unit.parent_id)?;
        }
        let mut paths = BTreeMap::new();
        for account in self.accounts.values() {
            let way = self.require_way(account.id.as_str(), &account.parent_id)?;
            let path: String = way.iter().map(|id| format!("{id}/")).collect();
            paths.insert(account.id.clone(), format!("{}/{path}", self.id));
        }
        for (id, path) in paths {
            if let Some(account) = self.accounts.get_mut(&id) {
                account.org_path = path;
            }
        }
        if !self.policies.iter().any(|policy| policy.id == RCP_FULL_AWS_ACCESS_ID) {
            self.policies.push(OrganizationPolicy::new(
                RCP_FULL_AWS_ACCESS_ID.to_owned(),
                "RCPFullAWSAccess".to_owned(),
                OrganizationPolicyType::ResourceControlPolicy,
                BTreeSet::new(),
                PolicySource::whole_file(&self.file, RCP_FULL_AWS_ACCESS),
            ));
        }
        Ok(self)
    }

    fn require_way(&self, id: &str, parent_id: &str) -> Result<Vec<&str>, OrganizationError> {
        let error = || OrganizationError::NoWayToRoot(id.to_owned(), parent_id.to_owned());
        self.way_to(parent_id).ok_or_else(error)
    }

    /// The ids from the root down to the root or unit called `id`; nothing when it leads to no root.
    fn way_to(&self, id: &str) -> Option<Vec<&str>> {
        let mut way = Vec::new();
        let mut here = id;
        while let Some((id, unit)) = self.units.get_key_value(here) {
            if way.len() > self.units.len() {
                return None; // Units that are in each other.
            }
            way.push(id.as_str());
            here = &unit.parent_id;
        }
        let (root, _) = self.roots.get_key_value(here)?;
        way.push(root);
        way.reverse();
        Some(way)
    }

    /// The value of `aws:PrincipalOrgPaths` and `aws:ResourceOrgPaths` for an account of the organization.
    #[must_use]
    pub fn org_path(&self, account: &AccountId) -> Option<&str> {
        self.accounts.get(account).map(|account| account.org_path.as_str())
    }

    /// The SCPs that bind the principals of an account.
    #[must_use]
    pub fn scps_of(&self, account: &AccountId) -> PolicyLevels<'_> {
        self.levels(account, OrganizationPolicyType::ServiceControlPolicy)
    }

    /// The RCPs that bind the resources of an account. `RCPFullAWSAccess` is on every level.
    #[must_use]
    pub fn rcps_of(&self, account: &AccountId) -> PolicyLevels<'_> {
        self.levels(account, OrganizationPolicyType::ResourceControlPolicy)
    }

    fn levels(&self, account: &AccountId, policy_type: OrganizationPolicyType) -> PolicyLevels<'_> {
        let Some(member) = self.accounts.get(account) else { return PolicyLevels::Unbound };
        if *account == self.management_account {
            return PolicyLevels::Unbound;
        }
        let Some(way) = self.way_to(&member.parent_id) else { return PolicyLevels::Unbound };
        let root = way.first().and_then(|id| self.roots.get(*id));
        if !root.is_some_and(|root| root.enabled.contains(&policy_type)) {
            return PolicyLevels::Unbound;
        }
        let level = |target: &str| {
            let binds = |policy: &&OrganizationPolicy| {
                policy.policy_type == policy_type
                    && (policy.targets.contains(target) || policy.id == RCP_FULL_AWS_ACCESS_ID)
            };
            self.policies.iter().filter(binds).collect()
        };
        let levels = way.into_iter().chain([account.as_str()]);
        PolicyLevels::Levels(levels.map(level).collect())
    }
}
