//! Puts inventories together and keeps their order.

use super::{Inventory, NotAnalyzed, Resource};

impl Inventory {
    /// Takes over what `other` holds. What both describe stays as it is here; of an account described
    /// twice, facts that are missing here are filled in. A second organization and resources of another
    /// partition become entries of `not_analyzed`.
    pub fn merge(&mut self, other: Self) {
        self.not_analyzed.extend(other.not_analyzed);
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
                std::collections::btree_map::Entry::Vacant(entry) => {
                    entry.insert(theirs);
                }
                std::collections::btree_map::Entry::Occupied(entry) => {
                    entry.into_mut().fill_in(theirs);
                }
            }
        }
        self.resources.extend(other.resources);
        self.arrange();
    }

    /// Brings resources and entries into their order, and keeps the first of resources that are
    /// described twice: the others become entries of `not_analyzed`.
    pub fn arrange(&mut self) {
        self.resources.sort_by(|one, other| sort_key(one).cmp(&sort_key(other)));
        let mut repeated = Vec::new();
        self.resources.dedup_by(|later, first| {
            let same = sort_key(later).0 == sort_key(first).0;
            if same {
                repeated.push(described_twice(later, first));
            }
            same
        });
        self.not_analyzed.extend(repeated);
        self.not_analyzed.sort();
        self.not_analyzed.dedup();
    }
}

type SortKey<'r> = ((&'r str, &'r str, super::ResourceType, &'r str), &'r str, usize);

/// What makes a resource the resource it is, then where it is described.
fn sort_key(resource: &Resource) -> SortKey<'_> {
    let identity = (
        resource.account.as_str(),
        resource.region.as_ref(),
        resource.resource_type(),
        resource.arn.as_str(),
    );
    (identity, &resource.file, resource.position.offset)
}

fn described_twice(later: &Resource, first: &Resource) -> NotAnalyzed {
    NotAnalyzed {
        position: Some(later.position),
        account: Some(later.account.clone()),
        region: Some(later.region.to_string()),
        resource: Some(later.arn.clone()),
        resource_type: Some(later.resource_type().as_str().to_owned()),
        ..NotAnalyzed::new(
            &later.file,
            format!("the resource is described twice; `{}` is read, this is not", first.file),
        )
    }
}
