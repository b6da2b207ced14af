//! What can be done to a resource of each type: the actions that are looked at.

use ringfence_policy::catalogue::{Catalogue, CrossAccount};

use crate::inventory::ResourceType;

/// The actions on one type of resource.
pub(super) struct TypeActions {
    /// In the order of their names.
    pub(super) actions: Vec<TypeAction>,
    /// The actions that act on the same kinds of resource, as positions in `actions`.
    pub(super) lists: Vec<Vec<usize>>,
}

/// An action on a type of resource.
pub(super) struct TypeAction {
    pub(super) name: String,
    /// The names of the catalogue's resource types that it acts on.
    pub(super) on: Vec<&'static str>,
    pub(super) across_accounts: AcrossAccounts,
}

/// Whether a principal of another account can come to use an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AcrossAccounts {
    Works,
    Never,
}

/// They are called without credentials of AWS, so no user or role calls them.
const CALLED_UNSIGNED: &[&str] = &["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// They make a snapshot; what is analyzed is there already.
const MAKING_SNAPSHOTS: &[&str] = &[
    "CreateDBClusterSnapshot",
    "CreateDBSnapshot",
    "CreateSnapshot",
    "CreateSnapshots",
    "ImportSnapshot",
];

impl TypeActions {
    pub(super) fn of(resource_type: ResourceType) -> Self {
        let catalogue = Catalogue::embedded();
        let held = catalogue.resource_policy_actions(resource_type.as_str());
        let mut actions: Vec<TypeAction> = held
            .into_iter()
            .flatten()
            .map(|own| TypeAction {
                name: own.action.to_string(),
                on: own.resource_types.iter().map(|own| own.name()).collect(),
                across_accounts: match own.cross_account {
                    CrossAccount::NotSupported => AcrossAccounts::Never,
                    CrossAccount::Supported | CrossAccount::NotDocumented => AcrossAccounts::Works,
                },
            })
            .filter(|action| !CALLED_UNSIGNED.contains(&action.name.as_str()))
            .collect();
        add_within_account(&mut actions, resource_type);
        actions.sort_by(|one, other| one.name.cmp(&other.name));
        let lists = lists(&actions);
        Self { actions, lists }
    }
}

/// The catalogue knows what sharing a snapshot allows; its owner's principals can do more.
fn add_within_account(actions: &mut Vec<TypeAction>, resource_type: ResourceType) {
    let (prefix, name) = match resource_type {
        ResourceType::Ec2Snapshot => ("ec2", "snapshot"),
        ResourceType::RdsDbSnapshot => ("rds", "snapshot"),
        ResourceType::RdsDbClusterSnapshot => ("rds", "cluster-snapshot"),
        _ => return,
    };
    let service = Catalogue::embedded().service(prefix);
    for action in service.into_iter().flat_map(|service| service.actions()) {
        let mut on = action.resource_types().map(|own| own.resource_type().name());
        let known = actions.iter().any(|known| known.name == action.to_string());
        if on.any(|own| own == name) && !known && !MAKING_SNAPSHOTS.contains(&action.name()) {
            actions.push(TypeAction {
                name: action.to_string(),
                on: vec![name],
                across_accounts: AcrossAccounts::Never,
            });
        }
    }
}

fn lists(actions: &[TypeAction]) -> Vec<Vec<usize>> {
    let mut lists: std::collections::BTreeMap<&[&str], Vec<usize>> = Default::default();
    for (index, action) in actions.iter().enumerate() {
        lists.entry(&action.on).or_default().push(index);
    }
    lists.into_values().collect()
}
