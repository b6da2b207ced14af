//! A resource while it is put together.

use std::sync::Arc;

use ringfence_access::inventory::{
    Configuration, Inventory, PolicySource, Resource, ResourceType, Tag,
};

use super::{Assembly, PlannedResource, Whereabouts};
use crate::node::Place;
use crate::planned::{Planned, Policies, Presence, Text, Unknown};

/// A resource while it is put together.
pub(super) struct Draft {
    pub(super) address: String,
    pub(super) whereabouts: Whereabouts,
    pub(super) region: Arc<str>,
    pub(super) place: Place,
    pub(super) arn: Text,
    pub(super) names: Vec<Text>,
    pub(super) tags: Vec<Tag>,
    pub(super) configuration: Configuration,
    /// The statements of a policy that is made of single permissions.
    pub(super) statements: Vec<Planned>,
    pub(super) policies: Policies,
}

impl Draft {
    /// A draft of `own` with this ARN.
    pub(super) fn new(own: &PlannedResource, arn: Text, configuration: Configuration) -> Self {
        let mut draft = Self {
            address: own.address.clone(),
            whereabouts: own.whereabouts.clone(),
            region: match configuration.resource_type() {
                ResourceType::IamRole => Arc::from("global"),
                _ => Arc::clone(&own.whereabouts.region),
            },
            place: own.properties.place.clone(),
            names: own.names.clone(),
            tags: tags(&own.properties),
            statements: Vec::new(),
            policies: Policies::new(own.whereabouts.purpose),
            arn,
            configuration,
        };
        draft.rest_on_presence(&own.presence);
        let unknown: Vec<Unknown> = draft.arn.unknowns().cloned().collect();
        unknown.iter().for_each(|own| draft.policies.assume(own, own.place()));
        draft
    }

    fn rest_on_presence(&mut self, presence: &Presence) {
        if let Presence::Possible(unknown) = presence {
            self.policies.assume(unknown, &self.place.clone());
        }
    }

    /// The policy that a document comes to for this resource.
    pub(super) fn policy(
        &mut self,
        name: &str,
        document: Option<&Planned>,
        presence: &Presence,
    ) -> Option<PolicySource> {
        let address = self.address.clone();
        self.policies.policy(name, document?, &address, presence)
    }

    /// Whether a text names this resource.
    pub(super) fn is_named(&self, name: &Text) -> bool {
        self.arn == *name || self.names.contains(name)
    }

    pub(super) fn finish(self, inventory: &mut Inventory) {
        let arn = self.arn.pattern();
        let resource_type = self.configuration.resource_type();
        for mut entry in self.policies.not_analyzed {
            entry.account = Some(self.whereabouts.account.clone());
            entry.region = Some(self.region.to_string());
            entry.resource = Some(arn.clone());
            entry.resource_type = Some(resource_type.as_str().to_owned());
            inventory.not_analyzed.push(entry);
        }
        if !self.policies.assumptions.is_empty() {
            let all = inventory.assumptions.entry((arn.clone(), self.place.start)).or_default();
            all.extend(self.policies.assumptions);
        }
        inventory.resources.push(Resource {
            arn,
            account: self.whereabouts.account,
            region: self.region,
            tags: self.tags,
            file: self.place.file,
            position: self.place.start,
            configuration: self.configuration,
        });
    }
}

impl Assembly {
    /// Adds a draft, to be found by its ARN and its names.
    pub(super) fn push(&mut self, draft: Draft) {
        let resource_type = draft.configuration.resource_type();
        for name in draft.names.iter().chain([&draft.arn]) {
            self.named.entry((resource_type, name.key())).or_insert(self.drafts.len());
        }
        self.drafts.push(draft);
    }

    /// The draft of the type that `name` names. Where the template has none, the resource is there already, and a
    /// draft is made from what `otherwise` gives for its ARN and configuration.
    pub(super) fn target(
        &mut self,
        own: &PlannedResource,
        resource_type: ResourceType,
        name: &Text,
        otherwise: impl FnOnce(&Whereabouts) -> (Text, Configuration),
    ) -> &mut Draft {
        let found = self.named.get(&(resource_type, name.key())).copied();
        let index = match found {
            Some(index) => index,
            None => {
                let (arn, configuration) = otherwise(&own.whereabouts);
                let mut draft = Draft::new(own, arn, configuration);
                draft.names = vec![name.clone()];
                draft.tags = Vec::new();
                self.push(draft);
                self.drafts.len() - 1
            }
        };
        // There is one: it was found or pushed.
        #[expect(clippy::indexing_slicing, reason = "the index was just found in the same list")]
        &mut self.drafts[index]
    }
}

/// Tags in both of CloudFormation's forms, as far as they are known.
fn tags(properties: &Planned) -> Vec<Tag> {
    let Some(tags) = properties.get("Tags") else { return Vec::new() };
    let of_list = tags.one_or_many().iter().filter_map(|tag| {
        let text = |name| tag.get(name)?.as_known_text();
        Some(Tag { key: text("Key")?, value: text("Value")? })
    });
    let of_map = tags.members().iter().filter_map(|(key, value)| {
        Some(Tag { key: key.name.clone(), value: value.as_known_text()? })
    });
    if tags.get("Key").is_some() { of_list.collect() } else { of_list.chain(of_map).collect() }
}
