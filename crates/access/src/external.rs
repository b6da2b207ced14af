//! Who outside a zone of trust can do what to which resource.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html>. Service principals are
//! not reported, whether the outside account allows its side is not considered, and resource control
//! policies are not taken off the access but flagged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ringfence_policy::AccountId;
use ringfence_policy::catalogue::{AccessLevel, Catalogue};
use ringfence_reasoning::{Limit, ZoneOfTrust};

use crate::control_policies::ControlPolicies;
use crate::finding_id::{Subject, finding_id};
use crate::inventory::{Assumption, Inventory, NotAnalyzed, PolicySource, Resource, ResourceType};
use crate::observation::{GrantedBy, Observation, ResourceControlPolicyRestriction, Source};
use crate::question::{ActionOn, Way};
use crate::resource_types;
use crate::risk::risk;

/// What the zone of trust is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZoneChoice {
    /// Each resource's own account.
    Account,
    /// The organization of the inventory; for accounts that are not in it, the account.
    Organization,
}

/// What was found out about one resource.
#[derive(Clone, Debug, Default)]
pub struct ResourceReport {
    /// The ways in.
    pub observations: Vec<Observation>,
    /// What could not be judged.
    pub not_analyzed: Vec<NotAnalyzed>,
}

/// Everything that resources of one inventory have in common when they are analyzed.
pub struct Analysis<'i> {
    inventory: &'i Inventory,
    organization: Option<ZoneOfTrust>,
    accounts: BTreeMap<&'i AccountId, ZoneOfTrust>,
    restrictions: BTreeMap<&'i AccountId, ControlPolicies>,
    actions: BTreeMap<ResourceType, Vec<(String, Vec<&'static str>)>>,
}

/// A way in with what is known of its source.
pub(crate) struct Sourced {
    pub(crate) way: Way,
    pub(crate) source: Option<Source>,
}

/// Why a part of a resource could not be judged.
pub(crate) enum Obstacle<'r> {
    /// The policy cannot be read.
    Policy(&'r PolicySource),
    /// The question is not decided.
    Limit(Limit),
}

/// What a resource type's unit gives.
pub(crate) type Outcome<'r> = (Vec<Sourced>, Vec<Obstacle<'r>>);

impl<'i> Analysis<'i> {
    /// Prepares the analysis of `inventory`'s resources.
    #[must_use]
    pub fn new(inventory: &'i Inventory, zone: ZoneChoice) -> Self {
        let owners = inventory.resources.iter().map(|resource| &resource.account);
        let accounts = inventory.accounts.keys().chain(owners).collect();
        Self::of(inventory, zone, accounts, ResourceType::ALL)
    }

    /// Prepares the analysis of `resources` only. What that costs depends on their accounts and on the organization,
    /// not on how many other resources there are.
    #[must_use]
    pub fn of_resources(
        inventory: &'i Inventory,
        zone: ZoneChoice,
        resources: &[&'i Resource],
    ) -> Self {
        let accounts = resources.iter().map(|resource| &resource.account).collect();
        let types: BTreeSet<ResourceType> =
            resources.iter().map(|own| own.resource_type()).collect();
        Self::of(inventory, zone, accounts, &types.into_iter().collect::<Vec<_>>())
    }

    fn of(
        inventory: &'i Inventory,
        zone: ZoneChoice,
        accounts: BTreeSet<&'i AccountId>,
        types: &[ResourceType],
    ) -> Self {
        let canonical = |id: &AccountId| {
            inventory.accounts.get(id).and_then(|account| account.canonical_user_id.clone())
        };
        let alone = |id: &'i AccountId| {
            let zone = ZoneOfTrust {
                accounts: Arc::new(BTreeSet::from([id.to_string()])),
                organization: None,
                canonical_users: canonical(id).into_iter().collect(),
            };
            (id, zone)
        };
        let organization = match (zone, &inventory.organization) {
            (ZoneChoice::Organization, Some(organization)) => Some(ZoneOfTrust {
                accounts: Arc::new(organization.accounts.keys().map(ToString::to_string).collect()),
                organization: Some(organization.id.clone()),
                canonical_users: organization.accounts.keys().filter_map(canonical).collect(),
            }),
            (ZoneChoice::Organization, None) | (ZoneChoice::Account, _) => None,
        };
        Self {
            inventory,
            organization,
            restrictions: accounts
                .iter()
                .map(|id| (*id, ControlPolicies::of(inventory, id)))
                .collect(),
            accounts: accounts.into_iter().map(alone).collect(),
            actions: types.iter().map(|own| (*own, actions(*own))).collect(),
        }
    }

    /// The zone of trust for resources of `account`.
    pub(crate) fn zone(&self, account: &AccountId) -> &ZoneOfTrust {
        static NOBODY: std::sync::LazyLock<ZoneOfTrust> =
            std::sync::LazyLock::new(ZoneOfTrust::default);
        match &self.organization {
            Some(zone) if zone.accounts.contains(account.as_str()) => zone,
            Some(_) | None => self.accounts.get(account).unwrap_or(&NOBODY),
        }
    }

    pub(crate) fn inventory(&self) -> &'i Inventory {
        self.inventory
    }

    /// The actions that policies of a type can hold, with the ARNs that `arns` gives for the names of
    /// the resource types they act on.
    pub(crate) fn actions_on(
        &self,
        resource_type: ResourceType,
        arns: impl Fn(&str) -> Option<String>,
    ) -> Vec<ActionOn> {
        let own = self.actions.get(&resource_type).into_iter().flatten();
        own.filter_map(|(action, names)| {
            let resources: BTreeSet<String> = names.iter().filter_map(|name| arns(name)).collect();
            let resources: Vec<String> = resources.into_iter().collect();
            (!resources.is_empty()).then(|| ActionOn { action: action.clone(), resources })
        })
        .collect()
    }

    /// Keys whose value is known for all requests for `resource`, by name in lower case.
    pub(crate) fn known(&self, resource: &Resource) -> BTreeMap<String, Option<String>> {
        let account = resource.account.to_string();
        let mut known = BTreeMap::from([("aws:resourceaccount".to_owned(), Some(account.clone()))]);
        if resource.resource_type() == ResourceType::S3Bucket {
            known.insert("s3:resourceaccount".to_owned(), Some(account));
        }
        if let Some(organization) = &self.inventory.organization
            && let Some(path) = organization.org_path(&resource.account)
        {
            known.insert("aws:resourceorgid".to_owned(), Some(organization.id.clone()));
            known.insert("aws:resourceorgpaths".to_owned(), Some(path.to_owned()));
        }
        known
    }

    /// The ways into one resource of the inventory, in a fixed order.
    #[must_use]
    pub fn resource(&self, resource: &Resource) -> ResourceReport {
        let (ways, obstacles) = resource_types::analyze(self, resource);
        let mut report = ResourceReport::default();
        for MergedWay { way, source } in merged(ways) {
            report.observations.push(self.observation(resource, way, source));
        }
        report.observations.sort_by(|one, other| {
            let key = |o: &Observation| {
                (o.principal.clone(), o.condition.clone(), o.sources.clone(), o.action.clone())
            };
            key(one).cmp(&key(other))
        });
        for obstacle in obstacles {
            let entries = not_analyzed(resource, &obstacle);
            // The reader of the inventory names what is wrong with policies too.
            let is_policy = matches!(obstacle, Obstacle::Policy(_));
            let new = |entry: &NotAnalyzed| !is_policy || !self.is_known(entry);
            report.not_analyzed.extend(entries.into_iter().filter(new));
        }
        report.not_analyzed.sort();
        report.not_analyzed.dedup();
        report
    }

    /// Whether the reader of the inventory reported the same.
    fn is_known(&self, entry: &NotAnalyzed) -> bool {
        let same =
            |known: &NotAnalyzed| known.file == entry.file && known.resource == entry.resource;
        self.inventory.not_analyzed.iter().any(same)
    }

    fn observation(&self, resource: &Resource, mut way: Way, sources: Vec<Source>) -> Observation {
        way.witness.resource_account = Some(resource.account.clone());
        let action: Vec<String> = way.action.into_iter().collect();
        let policies = self.restrictions.get(&resource.account);
        let restriction =
            policies.map_or(ResourceControlPolicyRestriction::NotApplicable, |own| own.on(&action));
        let levels = access_levels(&action);
        let resource_type = resource.resource_type();
        let analyzer = format!(
            "arn:{}:access-analyzer:local:{}:analyzer/scan",
            self.inventory.partition.as_str(),
            resource.account
        );
        let subject = Subject {
            organization: self.zone(&resource.account).organization.as_deref(),
            resource,
            resource_type,
            principal: &way.principal,
            action: &action,
            condition: &way.condition,
            sources: &sources,
            restriction,
        };
        Observation {
            id: finding_id(&analyzer, &subject),
            resource: resource.arn.clone(),
            resource_type,
            resource_owner_account: resource.account.clone(),
            region: Arc::clone(&resource.region),
            risk: risk(&way.principal, way.is_public, &levels, way.condition.len()),
            principal: way.principal,
            action,
            condition: way.condition,
            is_public: way.is_public,
            sources,
            resource_control_policy_restriction: restriction,
            access_levels: levels,
            witness: way.witness,
            rests_on: self.rests_on(resource, &way.granted_by),
            granted_by: way.granted_by.into_iter().collect(),
            change: None,
        }
    }

    /// What was assumed of the resource as a whole or of the statements that let somebody in.
    fn rests_on(&self, resource: &Resource, granted_by: &BTreeSet<GrantedBy>) -> Vec<Assumption> {
        let key = (resource.arn.clone(), resource.position);
        let all = self.inventory.assumptions.get(&key).into_iter().flatten();
        let bears = |own: &&Assumption| {
            own.statement.is_none_or(|start| {
                let stands = |place: &GrantedBy| {
                    place.file == own.file
                        && (place.line, place.column) == (start.line, start.column)
                };
                granted_by.iter().any(stands)
            })
        };
        let found: BTreeSet<Assumption> = all.filter(bears).cloned().collect();
        found.into_iter().collect()
    }
}

fn actions(resource_type: ResourceType) -> Vec<(String, Vec<&'static str>)> {
    use ringfence_policy::catalogue::CrossAccount;
    let all = Catalogue::embedded().resource_policy_actions(resource_type.as_str());
    let mut actions: Vec<(String, Vec<&'static str>)> = all
        .into_iter()
        .flatten()
        .filter(|own| own.cross_account != CrossAccount::NotSupported)
        .map(|own| {
            let names = own.resource_types.iter().map(|own| own.name()).collect();
            (own.action.to_string(), names)
        })
        .collect();
    actions.sort();
    actions
}

/// The levels of the actions, in AWS's order. Actions that the catalogue does not know add nothing.
pub(crate) fn access_levels(actions: &[String]) -> Vec<AccessLevel> {
    let catalogue = Catalogue::embedded();
    let levels = actions.iter().filter_map(|action| catalogue.action(action));
    let all = levels.map(|action| action.access_levels());
    all.fold(ringfence_policy::catalogue::AccessLevels::default(), |sum, own| sum.union(own))
        .iter()
        .collect()
}

/// Ways that differ only in their source are one finding with several sources.
fn merged(ways: Vec<Sourced>) -> Vec<MergedWay> {
    let mut all: Vec<MergedWay> = Vec::new();
    for Sourced { way, source } in ways {
        let same = |known: &&mut MergedWay| {
            known.way.principal == way.principal
                && known.way.condition == way.condition
                && known.way.is_public == way.is_public
                && known.way.action == way.action
        };
        match all.iter_mut().find(same) {
            Some(known) => {
                known.way.granted_by.extend(way.granted_by);
                known.source.extend(source);
                known.source.sort();
                known.source.dedup();
            }
            None => all.push(MergedWay { way, source: source.into_iter().collect() }),
        }
    }
    all
}

struct MergedWay {
    way: Way,
    source: Vec<Source>,
}

fn not_analyzed(resource: &Resource, obstacle: &Obstacle<'_>) -> Vec<NotAnalyzed> {
    let entry = |file: &Arc<str>, position, reason: String| NotAnalyzed {
        position: Some(position),
        account: Some(resource.account.clone()),
        region: Some(resource.region.to_string()),
        resource: Some(resource.arn.clone()),
        resource_type: Some(resource.resource_type().as_str().to_owned()),
        ..NotAnalyzed::new(file, reason)
    };
    match obstacle {
        Obstacle::Policy(source) => {
            let problems = source.parse().err().unwrap_or_default();
            let of = |problem: crate::inventory::PolicyProblem| {
                entry(source.file(), problem.position, format!("its policy: {}", problem.message))
            };
            problems.into_iter().map(of).collect()
        }
        Obstacle::Limit(limit) => {
            let reason = format!("not decided: {limit}; access from outside is possible");
            vec![entry(&resource.file, resource.position, reason)]
        }
    }
}
