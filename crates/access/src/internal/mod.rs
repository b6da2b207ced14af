//! Which users and roles inside a zone of trust can do what to which resource.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html#access-analyzer-internal-access>.
//! Identity policies, permissions boundaries, resource policies, SCPs and RCPs are read together. What
//! cannot be read becomes an entry and never silence; no number of principals is too many.
//!
//! Left out: root users, sessions of GetFederationToken, session policies (whoever starts a session
//! chooses them), VPC endpoint policies, and requests through S3 access points (an entry says so).

mod actions;
mod decide;
mod document;
mod entries;
mod inclusions;
mod known;
mod member;
mod observation;
mod observe;
mod overlap;
mod principal;
mod relation;
mod report;
mod restriction;
mod settle;
mod stack;
mod target;

use std::collections::{BTreeMap, BTreeSet};

use ringfence_policy::AccountId;
use ringfence_policy::evaluate::PolicyStack;
use uuid::Uuid;

use crate::external::ZoneChoice;
use crate::inventory::{Inventory, NotAnalyzed, Organization, Resource, ResourceType};
use actions::TypeActions;
use decide::Answers;
use member::Ceilings;
use principal::{Principal, Principals};
use restriction::{Levels, OrganizationModels, Treatment};
use target::Target;

pub use inclusions::{InclusionCriteria, Inclusions};
pub use observation::{InternalAccessType, InternalObservation, PrincipalType, Restriction};

/// What was found out about one resource.
#[derive(Clone, Debug, Default)]
pub struct InternalReport {
    /// Who inside can do what, in a fixed order.
    pub observations: Vec<InternalObservation>,
    /// What could not be judged.
    pub not_analyzed: Vec<NotAnalyzed>,
}

/// Everything that resources of one inventory have in common when internal access to them is analyzed.
pub struct Analysis<'i> {
    inventory: &'i Inventory,
    /// The organization, where it is the zone of trust.
    organization: Option<&'i Organization>,
    treatment: Treatment,
    inclusions: Inclusions,
    types: BTreeMap<ResourceType, TypeActions>,
    principals: Principals<'i>,
    service_control: BTreeMap<&'i AccountId, Levels>,
    resource_control: BTreeMap<&'i AccountId, Levels>,
    canonical_users: BTreeMap<&'i str, &'i AccountId>,
    answers: Answers,
}

impl<'i> Analysis<'i> {
    /// Prepares the analysis of those of `inventory`'s resources that `inclusions` choose.
    #[must_use]
    pub fn new(inventory: &'i Inventory, zone: ZoneChoice, inclusions: Inclusions) -> Self {
        let chosen = inventory.resources.iter().filter(|resource| inclusions.contain(resource));
        let types: BTreeSet<ResourceType> = chosen.clone().map(Resource::resource_type).collect();
        let owners = chosen.map(|resource| &resource.account).collect();
        Self::of(inventory, zone, types, owners, inclusions)
    }

    /// Prepares the analysis of any resources of `owners`, also of such that are not in `inventory` yet. What that
    /// costs depends on the users and roles inside the zones of trust of `owners`; it serves until one of them changes.
    #[must_use]
    pub fn of_accounts(
        inventory: &'i Inventory,
        zone: ZoneChoice,
        owners: BTreeSet<&'i AccountId>,
        inclusions: Inclusions,
    ) -> Self {
        let types = ResourceType::ALL.iter().copied().collect();
        Self::of(inventory, zone, types, owners, inclusions)
    }

    fn of(
        inventory: &'i Inventory,
        zone: ZoneChoice,
        types: BTreeSet<ResourceType>,
        owners: BTreeSet<&'i AccountId>,
        inclusions: Inclusions,
    ) -> Self {
        let organization = match zone {
            ZoneChoice::Organization => inventory.organization.as_ref(),
            ZoneChoice::Account => None,
        };
        let mut accounts = owners;
        if let Some(organization) = organization
            && accounts.iter().any(|owner| organization.accounts.contains_key(*owner))
        {
            accounts.extend(organization.accounts.keys());
        }
        let mut models = OrganizationModels::default();
        let mut service_control = BTreeMap::new();
        let mut resource_control = BTreeMap::new();
        for account in &accounts {
            let Some(organization) = &inventory.organization else { break };
            service_control.insert(*account, models.levels(organization.scps_of(account)));
            resource_control.insert(*account, models.levels(organization.rcps_of(account)));
        }
        Self {
            inventory,
            organization,
            treatment: match organization {
                Some(_) => Treatment::Apply,
                None => Treatment::Flag,
            },
            types: types.into_iter().map(|own| (own, TypeActions::of(own))).collect(),
            principals: Principals::of(inventory, &accounts),
            service_control,
            resource_control,
            canonical_users: target::canonical_users(inventory),
            inclusions,
            answers: Answers::default(),
        }
    }

    /// Whether `resource` is one of those that were chosen.
    #[must_use]
    pub fn includes(&self, resource: &Resource) -> bool {
        self.inclusions.contain(resource)
    }

    /// The users, roles and accounts of which not everything could be read: what they can reach is not
    /// known, whatever the resource.
    #[must_use]
    pub fn not_analyzed(&self) -> &[NotAnalyzed] {
        &self.principals.not_analyzed
    }

    /// Who inside can do what to one resource of the inventory.
    #[must_use]
    pub fn resource(&self, resource: &'i Resource) -> InternalReport {
        report::report(self, resource)
    }

    /// All policies that decide about requests of the user or role with this ARN for `resource`, as the
    /// evaluator takes them; nothing when the principal or the resource's policy was not read. A canonical
    /// user id, a grant, an access control list or a list of accounts stands in the resource's policy as
    /// the statement that it amounts to.
    #[must_use]
    pub fn stack(&self, principal: &str, resource: &'i Resource) -> Option<PolicyStack> {
        let mut all = self.principals.by_account.values().flatten();
        let principal = all.find(|own| own.arn.to_string() == principal)?;
        stack::stack(self, principal, resource)
    }

    /// Whether what users and roles of `account` may do can matter to `resource`: it is of the same account, or its
    /// policies may mean somebody there. `false` only where that is certain.
    #[must_use]
    pub fn may_be_reached_from(&self, resource: &'i Resource, account: &AccountId) -> bool {
        if resource.account == *account {
            return true;
        }
        if !self.inside(&resource.account).any(|own| own == account) {
            return false;
        }
        let Some(actions) = self.types.get(&resource.resource_type()) else { return false };
        match Target::of(self.inventory, &self.canonical_users, resource, actions) {
            Ok(target) => target.accounts_named().is_none_or(|named| named.contains(account)),
            Err(_) => true,
        }
    }

    /// The accounts whose principals are inside the zone of trust of a resource of `owner`.
    fn inside<'s>(&'s self, owner: &'s AccountId) -> impl Iterator<Item = &'s AccountId> {
        let organization = self.organization.filter(|own| own.accounts.contains_key(owner));
        let others = organization.into_iter().flat_map(|own| own.accounts.keys());
        std::iter::once(owner).chain(others.filter(move |other| *other != owner))
    }

    /// What the ids of findings are built on: the analyzer that a scan stands for.
    fn analyzer(&self, owner: &AccountId) -> Uuid {
        let partition = self.inventory.partition.as_str();
        let arn = format!("arn:{partition}:access-analyzer:local:{owner}:analyzer/scan");
        Uuid::new_v5(&Uuid::NAMESPACE_URL, arn.as_bytes())
    }

    fn principals_of(&self, account: &AccountId) -> &[Principal<'i>] {
        self.principals.by_account.get(account).map_or(&[], Vec::as_slice)
    }

    fn ceilings(&self, principal: &AccountId, owner: &AccountId) -> Ceilings<'_> {
        Ceilings {
            service: self
                .service_control
                .get(principal)
                .and_then(|own| own.applied(self.treatment)),
            resource: self.resource_control.get(owner).and_then(|own| own.applied(self.treatment)),
        }
    }
}

#[cfg(test)]
mod tests;
