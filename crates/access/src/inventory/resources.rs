//! The resources of an inventory: many, of which one changes at a time.
//!
//! A copy shares everything with its original, and a change of one resource copies the pointers of its neighbours only.
//! So whoever keeps an inventory up to date can hand out copies while it changes, at a cost that hardly depends on how
//! many resources there are.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Index;
use std::sync::{Arc, OnceLock};

use ringfence_policy::AccountId;

use super::{Resource, ResourceType};

/// How many resources stand together at most.
const CHUNK: usize = 256;

/// Into how many parts the index by ARN is cut.
const PARTS: usize = 512;

/// Resources in an order: that in which they were added, or after `Inventory::arrange` that of their accounts, Regions,
/// types and ARNs.
#[derive(Clone, Debug, Default)]
pub struct Resources {
    // INVARIANT: none of them is empty.
    chunks: Vec<Arc<Vec<Arc<Resource>>>>,
    by_arn: OnceLock<ByArn>,
}

impl Resources {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Resource> + Clone {
        self.shared().map(Arc::as_ref)
    }

    /// All of them, as they can be kept beside the inventory.
    pub fn shared(&self) -> impl DoubleEndedIterator<Item = &Arc<Resource>> + Clone {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    /// All of them, to be changed. Those that a copy has as well are copied.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Resource> {
        self.by_arn = OnceLock::new();
        self.chunks.iter_mut().flat_map(|chunk| Arc::make_mut(chunk).iter_mut().map(Arc::make_mut))
    }

    /// The first one.
    #[must_use]
    pub fn first(&self) -> Option<&Resource> {
        self.iter().next()
    }

    /// The ones with this ARN: more than one where types share ARNs, or names are not known.
    pub fn with_arn<'r>(&'r self, arn: &'r str) -> impl Iterator<Item = &'r Arc<Resource>> {
        self.by_arn.get_or_init(|| ByArn::of(self.shared())).find(arn)
    }

    /// Adds one at the end.
    pub fn push(&mut self, resource: Resource) {
        self.push_shared(Arc::new(resource));
    }

    fn push_shared(&mut self, resource: Arc<Resource>) {
        if let Some(index) = self.by_arn.get_mut() {
            index.insert(&resource);
        }
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => Arc::make_mut(last).push(resource),
            _ => self.chunks.push(Arc::new(vec![resource])),
        }
    }

    /// Puts one in the place of that with its ARN and type, or where it belongs. The resources have to be arranged.
    pub fn put(&mut self, resource: Resource) {
        self.remove(resource.resource_type(), &resource.arn);
        let resource = Arc::new(resource);
        if let Some(index) = self.by_arn.get_mut() {
            index.insert(&resource);
        }
        let key = sort_key(&resource);
        let number = self.chunk_of(&key);
        let Some(chunk) = self.chunks.get_mut(number) else {
            self.chunks.push(Arc::new(vec![resource]));
            return;
        };
        let own = Arc::make_mut(chunk);
        let at = own.partition_point(|other| sort_key(other) < key);
        own.insert(at, resource);
        if own.len() > CHUNK {
            let rest = own.split_off(CHUNK / 2);
            self.chunks.insert(number + 1, Arc::new(rest));
        }
    }

    /// Takes out the one with this type and ARN. The resources have to be arranged.
    pub fn remove(&mut self, resource_type: ResourceType, arn: &str) -> Option<Arc<Resource>> {
        let found = self.with_arn(arn).find(|own| own.resource_type() == resource_type)?;
        let found = Arc::clone(found);
        let number = self.chunk_of(&sort_key(&found));
        let is_it = |own: &Arc<Resource>| Arc::ptr_eq(own, &found);
        // Where they are not arranged it is somewhere else.
        let number = match self.chunks.get(number) {
            Some(chunk) if chunk.iter().any(is_it) => number,
            _ => self.chunks.iter().position(|chunk| chunk.iter().any(is_it))?,
        };
        let chunk = self.chunks.get_mut(number)?;
        let own = Arc::make_mut(chunk);
        own.retain(|other| !is_it(other));
        if own.is_empty() {
            self.chunks.remove(number);
        }
        if let Some(index) = self.by_arn.get_mut() {
            index.remove(&found);
        }
        Some(found)
    }

    /// Keeps those that `keep` says, in their order.
    pub fn retain(&mut self, mut keep: impl FnMut(&Resource) -> bool) {
        let kept: Vec<Arc<Resource>> = self.shared().filter(|own| keep(own)).cloned().collect();
        *self = Self::of(&kept);
    }

    /// Brings them into their order.
    pub(super) fn sort(&mut self) {
        let mut all: Vec<Arc<Resource>> = self.shared().cloned().collect();
        all.sort_by(|one, other| sort_key(one).cmp(&sort_key(other)));
        *self = Self::of(&all);
    }

    fn of(all: &[Arc<Resource>]) -> Self {
        let chunks = all.chunks(CHUNK).map(|chunk| Arc::new(chunk.to_vec())).collect();
        Self { chunks, by_arn: OnceLock::new() }
    }

    /// The number of the chunk in which a resource with this key is, or belongs.
    fn chunk_of(&self, key: &SortKey<'_>) -> usize {
        let ends_before =
            |chunk: &Arc<Vec<Arc<Resource>>>| chunk.last().is_some_and(|own| sort_key(own) < *key);
        let number = self.chunks.partition_point(ends_before);
        number.min(self.chunks.len().saturating_sub(1))
    }
}

/// Account, Region, type and ARN, then where it is described.
type SortKey<'r> = (&'r AccountId, &'r str, ResourceType, &'r str, &'r str, usize);

fn sort_key(resource: &Resource) -> SortKey<'_> {
    (
        &resource.account,
        resource.region.as_ref(),
        resource.resource_type(),
        resource.arn.as_str(),
        &resource.file,
        resource.position.offset,
    )
}

/// Resources with the hashes of their ARNs.
type Part = Arc<Vec<(u64, Arc<Resource>)>>;

/// Resources by the hashes of their ARNs, in parts of which a change copies one.
#[derive(Clone, Debug)]
struct ByArn(Vec<Part>); // INVARIANT: `PARTS` parts, each in the order of the hashes.

impl ByArn {
    fn of<'r>(all: impl Iterator<Item = &'r Arc<Resource>>) -> Self {
        let mut parts: Vec<Vec<(u64, Arc<Resource>)>> = vec![Vec::new(); PARTS];
        for resource in all {
            let hash = hash(&resource.arn);
            if let Some(part) = parts.get_mut(part_of(hash)) {
                part.push((hash, Arc::clone(resource)));
            }
        }
        let sorted = parts.into_iter().map(|mut part| {
            part.sort_by_key(|(hash, _)| *hash);
            Arc::new(part)
        });
        Self(sorted.collect())
    }

    fn find<'r>(&'r self, arn: &'r str) -> impl Iterator<Item = &'r Arc<Resource>> {
        let hash = hash(arn);
        let part = self.0.get(part_of(hash)).map_or(&[][..], |part| part.as_slice());
        let from = part.partition_point(|(other, _)| *other < hash);
        let same = part.iter().skip(from).take_while(move |(other, _)| *other == hash);
        same.map(|(_, own)| own).filter(move |own| own.arn == arn)
    }

    fn insert(&mut self, resource: &Arc<Resource>) {
        let hash = hash(&resource.arn);
        if let Some(part) = self.0.get_mut(part_of(hash)) {
            let at = part.partition_point(|(other, _)| *other <= hash);
            Arc::make_mut(part).insert(at, (hash, Arc::clone(resource)));
        }
    }

    fn remove(&mut self, resource: &Arc<Resource>) {
        if let Some(part) = self.0.get_mut(part_of(hash(&resource.arn))) {
            Arc::make_mut(part).retain(|(_, own)| !Arc::ptr_eq(own, resource));
        }
    }
}

fn hash(arn: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    arn.hash(&mut hasher);
    hasher.finish()
}

fn part_of(hash: u64) -> usize {
    usize::try_from(hash >> 32).unwrap_or(0) % PARTS
}

impl Index<usize> for Resources {
    type Output = Resource;

    #[expect(clippy::expect_used, reason = "an index that is not there is the caller's fault")]
    fn index(&self, index: usize) -> &Resource {
        self.iter().nth(index).expect("there are as many resources")
    }
}

impl Extend<Resource> for Resources {
    fn extend<I: IntoIterator<Item = Resource>>(&mut self, all: I) {
        all.into_iter().for_each(|own| self.push(own));
    }
}

impl Extend<Arc<Resource>> for Resources {
    fn extend<I: IntoIterator<Item = Arc<Resource>>>(&mut self, all: I) {
        all.into_iter().for_each(|own| self.push_shared(own));
    }
}

impl FromIterator<Resource> for Resources {
    fn from_iter<I: IntoIterator<Item = Resource>>(all: I) -> Self {
        Self::of(&all.into_iter().map(Arc::new).collect::<Vec<_>>())
    }
}

impl From<Vec<Resource>> for Resources {
    fn from(all: Vec<Resource>) -> Self {
        all.into_iter().collect()
    }
}

impl<'r> IntoIterator for &'r Resources {
    type Item = &'r Resource;
    type IntoIter = Box<dyn Iterator<Item = &'r Resource> + 'r>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

impl<'r> IntoIterator for &'r mut Resources {
    type Item = &'r mut Resource;
    type IntoIter = Box<dyn Iterator<Item = &'r mut Resource> + 'r>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter_mut())
    }
}

#[cfg(test)]
mod tests;
