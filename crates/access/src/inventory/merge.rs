//! Puts inventories together and keeps their order.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Inventory, NotAnalyzed, Resource, ResourceType};

impl Inventory {
    /// Takes over what `other` holds. What both describe stays as it is here; of an account described
    /// twice, facts that are missing here are filled in. A second organization and everything of another
    /// partition are left out, with an entry of `not_analyzed` for each.
    pub fn merge(&mut self, other: Self) {
        self.not_analyzed.extend(other.not_analyzed);
        self.absent.extend(other.absent);
        for (resource, theirs) in other.assumptions {
            self.assumptions.entry(resource).or_default().extend(theirs);
        }
        if self.accounts.is_empty() && self.resources.is_empty() {
            self.partition = other.partition;
        } else if self.partition != other.partition {
            let (theirs, ours) = (other.partition.as_str(), self.partition.as_str());
            let left_out = other.resources.iter().map(|resource| {
                let reason = format!(
                    "the partition `{theirs}` is left out, because `{ours}` was read before it; \
                     analyze one partition at a time"
                );
                entry_for(resource, reason)
            });
            self.not_analyzed.extend(left_out);
            self.arrange();
            return;
        }
        match (&self.organization, other.organization) {
            (None, theirs) => self.organization = theirs,
            (Some(ours), Some(theirs)) if ours.id != theirs.id => {
                let reason = format!(
                    "the organization `{}` is left out, because `{}` was read before it; analyze one \
                     organization at a time",
                    theirs.id, ours.id
                );
                self.not_analyzed.push(NotAnalyzed::new(&theirs.file, reason));
            }
            (Some(_), _) => {}
        }
        for (id, theirs) in other.accounts {
            match self.accounts.entry(id) {
                Entry::Vacant(entry) => {
                    entry.insert(theirs);
                }
                Entry::Occupied(entry) => entry.into_mut().fill_in(theirs),
            }
        }
        self.resources.extend(other.resources.shared().cloned());
        self.arrange();
    }

    /// Brings resources and entries into their order, and keeps the first of resources that are
    /// described twice: the others become entries of `not_analyzed`.
    pub fn arrange(&mut self) {
        self.resources.sort();
        let mut seen: BTreeMap<(ResourceType, &str), &Arc<str>> = BTreeMap::new();
        let mut repeated = BTreeSet::new();
        // Names that are not known yet may be of one form and will differ.
        let named = |(_, resource): &(usize, &Resource)| resource.has_name();
        for (index, resource) in self.resources.iter().enumerate().filter(named) {
            match seen.entry((resource.resource_type(), &resource.arn)) {
                Entry::Vacant(entry) => {
                    entry.insert(&resource.file);
                }
                Entry::Occupied(first) => {
                    let file = first.get();
                    let reason =
                        format!("the resource is described twice; `{file}` is read, this is not");
                    self.not_analyzed.push(entry_for(resource, reason));
                    repeated.insert(index);
                }
            }
        }
        let mut index = 0..;
        self.resources.retain(|_| index.next().is_none_or(|at| !repeated.contains(&at)));
        self.not_analyzed.sort();
        self.not_analyzed.dedup();
        self.absent.sort();
        self.absent.dedup();
    }
}

fn entry_for(resource: &Resource, reason: String) -> NotAnalyzed {
    NotAnalyzed {
        position: Some(resource.position),
        account: Some(resource.account.clone()),
        region: Some(resource.region.to_string()),
        resource: Some(resource.arn.clone()),
        resource_type: Some(resource.resource_type().as_str().to_owned()),
        ..NotAnalyzed::new(&resource.file, reason)
    }
}
