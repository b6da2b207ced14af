//! What a change that is planned makes of the access that there is.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-access-preview.html>. The planned resources take
//! the place of those that they will change; everything around them stays as it is.

mod compare;
mod overlay;

use std::collections::{BTreeMap, BTreeSet};

use crate::external::{Analysis, ResourceReport, ZoneChoice};
use crate::inventory::{Inventory, Resource, ResourceType};
use crate::observation::Observation;

/// Resources that are planned, and what is known of those that go.
#[derive(Clone, Debug)]
pub struct PlannedChange {
    /// The planned resources as they will be.
    pub inventory: Inventory,
    /// The ARNs of resources that will be deleted.
    pub deletes: BTreeSet<String>,
    /// The name of the CloudFormation stack that is changed: what it holds and the change does not, goes.
    pub stack: Option<String>,
}

/// A change, and the access before it.
pub struct Preview {
    /// The environment as it will be. It holds the planned resources only.
    pub inventory: Inventory,
    before: BTreeMap<(ResourceType, String), Vec<Observation>>,
}

impl Preview {
    /// Puts a change upon an environment. `zone` is the zone of trust of both.
    #[must_use]
    pub fn new(existing: &Inventory, change: PlannedChange, zone: ZoneChoice) -> Self {
        let overlay = overlay::overlay(existing, change);
        let analysis = Analysis::new(existing, zone);
        let mut before = BTreeMap::new();
        for resource in overlay.replaced {
            let key = (resource.resource_type(), resource.arn.clone());
            before.insert(key, analysis.resource(resource).observations);
        }
        Self { inventory: overlay.inventory, before }
    }

    /// Says of each way into a planned resource how it compares with those that there are. Gives the ways that the
    /// change closes.
    #[must_use]
    pub fn compare(&self, resource: &Resource, report: &mut ResourceReport) -> Vec<Observation> {
        let key = (resource.resource_type(), resource.arn.clone());
        let before = self.before.get(&key).map(Vec::as_slice).unwrap_or_default();
        compare::compare(before, &mut report.observations)
    }

    /// The ways into resources that will be gone, in the order of their types and ARNs.
    #[must_use]
    pub fn gone(&self) -> Vec<Observation> {
        let planned: BTreeSet<(ResourceType, &str)> = self
            .inventory
            .resources
            .iter()
            .map(|own| (own.resource_type(), own.arn.as_str()))
            .collect();
        let gone = self.before.iter().filter(|((kind, arn), _)| !planned.contains(&(*kind, arn)));
        gone.flat_map(|(_, observations)| observations.iter().map(compare::removed)).collect()
    }
}
