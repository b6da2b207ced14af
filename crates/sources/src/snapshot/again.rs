//! A snapshot that changes: what was read before is kept, and only what changed is read.
//!
//! However little is read again, the inventory is the one that a reading of everything would give. Where a piece cannot
//! be told from the rest, because a resource is described twice or the partition is not said, nothing is given and the
//! caller reads everything.

use std::collections::HashMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;
use ringfence_access::inventory::{Inventory, NotAnalyzed, Resource, ResourceType};
use ringfence_policy::{AccountId, Partition};

use super::resource_file::{self, Outcome, ResourcePath};
use super::walk::AccountFolder;
use super::{Frame, MANIFEST, finish, frame, manifest, read_account};
use crate::error::SourceError;
use crate::file::name_of;

/// What `Inventory::arrange` says of a resource that two files describe.
const TWICE: &str = "the resource is described twice";

/// A snapshot folder that is read again and again. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SnapshotReader {
    folder: PathBuf,
    partition: Option<Partition>,
    /// When each file was written and how long it was, by the hash of its path.
    stamps: Arc<HashMap<u64, Stamp>>,
}

/// What tells of a file that it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    inode: u64,
}

impl SnapshotReader {
    /// A reader that has read nothing yet.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), partition: None, stamps: Arc::default() }
    }

    /// Reads what has changed since the last time; everything the first time. `before` is what came out of it then, or
    /// what [`Self::resource`] and [`Self::account`] made of that.
    ///
    /// # Errors
    /// Those of [`super::read_snapshot`].
    pub fn read(&mut self, before: Option<&Inventory>) -> Result<Inventory, SourceError> {
        let Frame { mut inventory, partition, found } = frame(&self.folder)?;
        let before = before
            .filter(|own| partition.is_some() && partition == self.partition && !has_twins(own));
        let known = before.map(Known::of).unwrap_or_default();
        let mut stamps = HashMap::with_capacity(found.resources.len());
        for account in &found.accounts {
            let files = [&account.account_file, &account.authorization_details];
            let own: Vec<(u64, Stamp)> =
                files.into_iter().flatten().filter_map(|path| stamped(path)).collect();
            let is_same = own.iter().all(|(path, stamp)| self.stamps.get(path) == Some(stamp));
            let details = account.authorization_details.as_deref().map(name_of);
            match before.filter(|_| is_same && own.len() == self.files_of(account)) {
                Some(before) => known.account(before, account, details.as_ref(), &mut inventory),
                None => read_account(account, partition).put_into(&mut inventory),
            }
            stamps.extend(own);
        }
        let stamped: Vec<Option<(u64, Stamp)>> =
            found.resources.par_iter().map(|path| stamped(&path.path)).collect();
        let pieces = found.resources.par_iter().zip(&stamped).map(|(path, stamp)| {
            let is_same = stamp.is_some_and(|(path, own)| self.stamps.get(&path) == Some(&own));
            match known.resources.get(&path.file).filter(|_| is_same) {
                Some(resource) => Piece::Kept(resource, known.entries(&path.file)),
                None => Piece::Read(Box::new(resource_file::read(path, partition))),
            }
        });
        for piece in pieces.collect::<Vec<_>>() {
            match piece {
                Piece::Kept(resource, entries) => {
                    inventory.resources.extend([Arc::clone(resource)]);
                    inventory.not_analyzed.extend(entries.iter().map(|own| (*own).clone()));
                }
                Piece::Read(read) => {
                    let Outcome { resource, not_analyzed } = *read;
                    inventory.resources.extend(resource);
                    inventory.not_analyzed.extend(not_analyzed);
                }
            }
        }
        stamps.extend(stamped.into_iter().flatten());
        finish(&mut inventory, partition);
        (self.partition, self.stamps) = (partition, Arc::new(stamps));
        Ok(inventory)
    }

    /// How many of the two files of an account there were.
    fn files_of(&self, account: &AccountFolder) -> usize {
        let folder = self.folder.join("accounts").join(account.id.as_str());
        let names = ["account.json", "authorization-details.json"];
        let hashes = names.map(|name| hash(&folder.join(name)));
        hashes.iter().filter(|path| self.stamps.contains_key(path)).count()
    }

    /// The inventory with one resource as its file has it now, be it changed, new or gone. `known` is the resource as it
    /// was. Nothing where more has to be read than this file.
    #[must_use]
    pub fn resource(
        &self,
        before: &Inventory,
        path: &Path,
        known: Option<&Resource>,
    ) -> Option<Inventory> {
        let partition = self.partition?;
        let own = self.place(path)?;
        let Outcome { resource, not_analyzed } = match path.symlink_metadata() {
            Ok(_) => resource_file::read(&own, Some(partition)),
            Err(_) => Outcome::default(),
        };
        let mut described = resource.iter().chain(known);
        let is_elsewhere =
            |arn: &str| before.resources.with_arn(arn).any(|other| other.file != own.file);
        if described.any(|own| is_elsewhere(&own.arn)) || has_twins(before) {
            return None;
        }
        let mut inventory = before.clone();
        if let Some(known) = known {
            inventory.resources.remove(known.resource_type(), &known.arn);
        }
        if let Some(resource) = resource {
            inventory.resources.put(resource);
        }
        replace_entries(&mut inventory, &own.file, not_analyzed);
        Some(inventory)
    }

    /// The inventory with what the files of an account say of it now, its roles included.
    #[must_use]
    pub fn account(&self, before: &Inventory, id: &AccountId) -> Option<Inventory> {
        let partition = self.partition.filter(|_| !has_twins(before))?;
        let folder = self.folder.join("accounts").join(id.as_str());
        let file = |name: &str| Some(folder.join(name)).filter(|path| path.exists());
        let own = AccountFolder {
            id: id.clone(),
            account_file: file("account.json"),
            authorization_details: file("authorization-details.json"),
        };
        let mut inventory = before.clone();
        let known = before.accounts.get(id).and_then(|own| own.authorization_details.as_ref());
        for arn in known.into_iter().flat_map(|details| details.roles.keys()) {
            inventory.resources.remove(ResourceType::IamRole, arn);
        }
        for name in ["account.json", "authorization-details.json"] {
            replace_entries(&mut inventory, &name_of(&folder.join(name)), Vec::new());
        }
        let read = read_account(&own, Some(partition));
        inventory.accounts.insert(id.clone(), read.account);
        read.roles.into_iter().for_each(|role| inventory.resources.put(role));
        inventory.not_analyzed.extend(read.not_analyzed);
        inventory.not_analyzed.sort();
        inventory.not_analyzed.dedup();
        Some(inventory)
    }

    /// The inventory with what `snapshot.json` says now of what could not be read.
    #[must_use]
    pub fn not_read(&self, before: &Inventory) -> Option<Inventory> {
        let path = self.folder.join(MANIFEST);
        let read = manifest::read(&path).ok().filter(|own| own.partition == self.partition)?;
        let mut inventory = before.clone();
        replace_entries(&mut inventory, &name_of(&path), read.not_analyzed);
        Some(inventory)
    }

    /// What the place of a resource file says; nothing where the path is not one.
    fn place(&self, path: &Path) -> Option<ResourcePath> {
        let below = path.strip_prefix(self.folder.join("accounts")).ok()?;
        let names: Vec<&str> = below.iter().map(|name| name.to_str()).collect::<Option<_>>()?;
        let [account, region, resource_type, _] = names.as_slice() else { return None };
        Some(ResourcePath {
            path: path.to_owned(),
            file: name_of(path),
            account: AccountId::new(account)?,
            region: Arc::from(*region),
            resource_type: Arc::from(resource_type.replace('-', "::")),
        })
    }
}

/// What became of a resource file.
enum Piece<'k> {
    Kept(&'k Arc<Resource>, &'k [&'k NotAnalyzed]),
    Read(Box<Outcome>),
}

/// What was read before, by files.
#[derive(Default)]
struct Known<'k> {
    resources: HashMap<Arc<str>, &'k Arc<Resource>>,
    entries: HashMap<&'k str, Vec<&'k NotAnalyzed>>,
}

impl<'k> Known<'k> {
    fn of(before: &'k Inventory) -> Self {
        let mut known = Self::default();
        let in_files = before.resources.shared();
        for resource in in_files.filter(|own| own.resource_type() != ResourceType::IamRole) {
            known.resources.insert(Arc::clone(&resource.file), resource);
        }
        for entry in &before.not_analyzed {
            known.entries.entry(&entry.file).or_default().push(entry);
        }
        known
    }

    fn entries(&self, file: &str) -> &[&'k NotAnalyzed] {
        self.entries.get(file).map_or(&[], Vec::as_slice)
    }

    /// Takes an account over as it was.
    fn account(
        &self,
        before: &Inventory,
        folder: &AccountFolder,
        details: Option<&Arc<str>>,
        inventory: &mut Inventory,
    ) {
        let Some(account) = before.accounts.get(&folder.id) else { return };
        inventory.accounts.insert(folder.id.clone(), account.clone());
        let roles = account.authorization_details.iter().flat_map(|own| own.roles.keys());
        let roles = roles.flat_map(|arn| before.resources.with_arn(arn));
        inventory.resources.extend(roles.cloned());
        let file = folder.account_file.as_deref().map(name_of);
        for file in file.iter().chain(details) {
            let entries = self.entries(file).iter().map(|own| (*own).clone());
            inventory.not_analyzed.extend(entries);
        }
    }
}

/// Whether a resource is described twice, so that changes of one file bear on what another one counts for.
fn has_twins(inventory: &Inventory) -> bool {
    inventory.not_analyzed.iter().any(|own| own.reason.starts_with(TWICE))
}

/// Puts entries in the place of those that there were of a file.
fn replace_entries(inventory: &mut Inventory, file: &Arc<str>, entries: Vec<NotAnalyzed>) {
    let before = inventory.not_analyzed.len();
    inventory.not_analyzed.retain(|own| own.file != *file);
    if inventory.not_analyzed.len() != before || !entries.is_empty() {
        inventory.not_analyzed.extend(entries);
        inventory.not_analyzed.sort();
        inventory.not_analyzed.dedup();
    }
}

fn stamped(path: &Path) -> Option<(u64, Stamp)> {
    use std::os::unix::fs::MetadataExt;
    let found = fs::metadata(path).ok()?;
    let (modified, length, inode) = (found.modified().ok(), found.len(), found.ino());
    Some((hash(path), Stamp { modified, length, inode }))
}

fn hash(path: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}
