//! Joins the two sources. What both have is taken from `iam-data`, which is the newer one and marks the required
//! resource types; flags and operations are the service reference's; what only the reference has is added, because
//! AWS goes on knowing services that its documentation has dropped. Where they disagree is counted.

use super::iam_data::IamData;
use super::model::{Action, Catalogue, Service};
use super::service_reference::ServiceReference;

/// The catalogue, and how the sources differ.
pub(super) struct Joined {
    pub(super) catalogue: Catalogue,
    pub(super) differences: Differences,
}

/// Counts for the README. `only_…` are what one source has and the other lacks, the rest what both have differently.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Differences {
    pub(super) services_only_in_iam_data: Vec<String>,
    pub(super) services_only_in_reference: Vec<String>,
    pub(super) actions_only_in_iam_data: usize,
    /// Of services that both have, as `service:Action`.
    pub(super) actions_only_in_reference: Vec<String>,
    pub(super) actions_in_both: usize,
    pub(super) names: usize,
    pub(super) access_levels: usize,
    pub(super) resource_types_of_actions: usize,
    pub(super) condition_keys_of_actions: usize,
    pub(super) resource_types_in_both: usize,
    pub(super) resource_types_only_in_iam_data: usize,
    pub(super) resource_types_only_in_reference: usize,
    pub(super) arn_formats: usize,
    pub(super) condition_keys_in_both: usize,
    /// As `service: key`.
    pub(super) condition_key_types: Vec<String>,
    pub(super) without_access_level: usize,
    pub(super) without_flags: usize,
}

/// Joins the sources.
pub(super) fn join(iam_data: &IamData, reference: &ServiceReference) -> Joined {
    let mut differences = Differences::default();
    let mut catalogue = iam_data.catalogue.clone();
    for (prefix, theirs) in &reference.catalogue {
        if let Some(ours) = catalogue.get_mut(prefix) {
            differences.compare_services(ours, theirs);
            complete(ours, theirs);
        } else {
            differences.services_only_in_reference.push(prefix.clone());
            catalogue.insert(prefix.clone(), theirs.clone());
        }
    }
    let only =
        iam_data.catalogue.iter().filter(|(prefix, _)| !reference.catalogue.contains_key(*prefix));
    for (prefix, service) in only {
        differences.services_only_in_iam_data.push(prefix.clone());
        differences.actions_only_in_iam_data += service.actions.len();
    }
    let actions = || catalogue.values().flat_map(|service| service.actions.values());
    differences.without_access_level = actions().filter(|action| action.levels.is_empty()).count();
    differences.without_flags = actions().filter(|action| action.supported_by.is_none()).count();
    Joined { catalogue, differences }
}

/// Adds to a service what only the reference has.
fn complete(ours: &mut Service, theirs: &Service) {
    for (key, action) in &theirs.actions {
        ours.actions.entry(key.clone()).or_insert_with(|| action.clone()).supported_by =
            action.supported_by;
    }
    for (key, resource_type) in &theirs.resource_types {
        ours.resource_types.entry(key.clone()).or_insert_with(|| resource_type.clone());
    }
    for (key, condition_key) in &theirs.condition_keys {
        ours.condition_keys.entry(key.clone()).or_insert_with(|| condition_key.clone());
    }
    ours.operations.clone_from(&theirs.operations);
}

impl Differences {
    fn compare_services(&mut self, ours: &Service, theirs: &Service) {
        for (key, action) in &ours.actions {
            match theirs.actions.get(key) {
                Some(their_action) => self.compare_actions(action, their_action),
                None => self.actions_only_in_iam_data += 1,
            }
        }
        let added = theirs.actions.iter().filter(|(key, _)| !ours.actions.contains_key(*key));
        self.actions_only_in_reference
            .extend(added.map(|(_, action)| format!("{}:{}", theirs.prefix, action.name)));
        self.compare_resource_types(ours, theirs);
        for (key, condition_key) in &ours.condition_keys {
            if let Some(their_key) = theirs.condition_keys.get(key) {
                self.condition_keys_in_both += 1;
                if condition_key.value_type != their_key.value_type {
                    self.condition_key_types
                        .push(format!("{}: {}", ours.prefix, condition_key.name));
                }
            }
        }
    }

    fn compare_actions(&mut self, ours: &Action, theirs: &Action) {
        self.actions_in_both += 1;
        self.names += usize::from(ours.name != theirs.name);
        self.access_levels += usize::from(ours.levels != theirs.levels);
        let types = ours.resource_types.keys().ne(theirs.resource_types.keys());
        self.resource_types_of_actions += usize::from(types);
        self.condition_keys_of_actions += usize::from(every_key(ours) != every_key(theirs));
    }

    fn compare_resource_types(&mut self, ours: &Service, theirs: &Service) {
        for (key, resource_type) in &ours.resource_types {
            match theirs.resource_types.get(key) {
                Some(their_type) => {
                    self.resource_types_in_both += 1;
                    let formats =
                        sorted(&resource_type.arn_formats) != sorted(&their_type.arn_formats);
                    self.arn_formats += usize::from(formats);
                }
                None => self.resource_types_only_in_iam_data += 1,
            }
        }
        let added =
            theirs.resource_types.keys().filter(|key| !ours.resource_types.contains_key(*key));
        self.resource_types_only_in_reference += added.count();
    }
}

/// The condition keys of an action, on whatever resource.
fn every_key(action: &Action) -> std::collections::BTreeSet<&String> {
    let of_types = action.resource_types.values().flat_map(|resource| &resource.condition_keys);
    action.condition_keys.iter().chain(of_types).collect()
}

fn sorted(formats: &[String]) -> Vec<&String> {
    let mut formats: Vec<_> = formats.iter().collect();
    formats.sort();
    formats
}
