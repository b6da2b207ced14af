//! Snapshot folders: what `ringfence collect` writes, or anything of the same shape.
//!
//! The shape of each file is in `docs/schemas`.

mod account_file;
mod again;
mod manifest;
mod organization_file;
mod resource_file;
mod walk;

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use ringfence_access::inventory::{Account, Inventory, NotAnalyzed, Organization, Resource};
use ringfence_policy::json::Value;
use ringfence_policy::{Arn, Partition};

use crate::authorization_details::{self, Expected};
use crate::error::{SourceError, SourceProblem};
use crate::file::{name_of, parse_tree, read_text};
use crate::part::{Part, TOP};
pub use again::SnapshotReader;
use manifest::Manifest;
use resource_file::Outcome;
pub use resource_file::{ResourceText, read_resource};
use walk::{AccountFolder, Found};

const MANIFEST: &str = "snapshot.json";

/// What a collection keeps in the folder as long as it has not finished.
const UNFINISHED: &str = ".collect/run.json";

/// Reads a snapshot folder.
///
/// Each broken file is an entry of `not_analyzed`, as is each thing that could not be read when the
/// snapshot was taken.
///
/// # Errors
/// When the folder cannot be listed, holds no part of a snapshot, or has a format version that this
/// program does not know.
pub fn read_snapshot(folder: &Path) -> Result<Inventory, SourceError> {
    let frame = frame(folder)?;
    let partition = frame.partition;
    let accounts = frame.found.accounts.par_iter().map(|folder| read_account(folder, partition));
    let mut inventory = frame.inventory;
    for read in accounts.collect::<Vec<_>>() {
        read.put_into(&mut inventory);
    }
    let resources = frame.found.resources.par_iter();
    let resources = resources.map(|path| resource_file::read(path, partition));
    for Outcome { resource, not_analyzed } in resources.collect::<Vec<_>>() {
        inventory.resources.extend(resource);
        inventory.not_analyzed.extend(not_analyzed);
    }
    finish(&mut inventory, partition);
    Ok(inventory)
}

/// What a snapshot folder says besides its accounts, and which files these have.
struct Frame {
    /// With what stands in the folder itself.
    inventory: Inventory,
    /// The partition, where the snapshot says it.
    partition: Option<Partition>,
    found: Found,
}

fn frame(folder: &Path) -> Result<Frame, SourceError> {
    let name = name_of(folder);
    let unreadable = |error| SourceError::new(&name, SourceProblem::Unreadable(error));
    std::fs::read_dir(folder).map_err(unreadable)?;
    let part_of_it = |file| Some(folder.join(file)).filter(|path| path.symlink_metadata().is_ok());
    let manifest = part_of_it(MANIFEST);
    let organization = part_of_it("organization.json");
    let accounts = part_of_it("accounts");
    if manifest.is_none() && organization.is_none() && accounts.is_none() {
        return Err(SourceError::new(&name, SourceProblem::NoSnapshot));
    }
    let manifest = manifest.as_deref().map_or(Ok(Manifest::default()), manifest::read)?;
    let mut found = accounts.as_deref().map(walk::accounts).unwrap_or_default();

    let mut inventory = Inventory::empty(manifest.partition.unwrap_or(Partition::Aws));
    inventory.not_analyzed = manifest.not_analyzed;
    inventory.absent = manifest.absent;
    inventory.not_analyzed.append(&mut found.not_analyzed);
    if folder.join(UNFINISHED).symlink_metadata().is_ok() {
        let reason = "the collection of this snapshot has not finished; the command that began it goes on with it";
        inventory.not_analyzed.push(NotAnalyzed::new(&name, reason.to_owned()));
    }
    if let Some(path) = organization {
        let (organization, entries) = read_organization(&path);
        inventory.organization = organization;
        inventory.not_analyzed.extend(entries);
    }
    Ok(Frame { inventory, partition: manifest.partition, found })
}

fn finish(inventory: &mut Inventory, partition: Option<Partition>) {
    if partition.is_none()
        && let Some(partition) = partition_of(inventory.resources.iter())
    {
        inventory.partition = partition;
    }
    inventory.arrange();
}

/// The partition of the first resource.
pub(crate) fn partition_of<'r>(
    mut resources: impl Iterator<Item = &'r Resource>,
) -> Option<Partition> {
    resources.find_map(|resource| Partition::new(&Arn::parse(&resource.arn)?.partition))
}

/// Reads a file as one JSON value, in which no member may stand twice except in policies.
fn read_json<T>(
    path: &Path,
    file: &Arc<str>,
    read: impl FnOnce(&mut Part<'_>, &Value<'_>) -> Result<T, SourceError>,
) -> Result<T, SourceError> {
    let text = read_text(path, file)?;
    let parsed = parse_tree(&text).map_err(|problem| SourceError::new(file, problem))?;
    let mut part = Part::new(file, &text, TOP);
    if let Some(error) = part.not_json(&parsed) {
        return Err(error);
    }
    let value = read(&mut part, &parsed.value)?;
    match part.said_twice(&parsed) {
        Some(error) => Err(error),
        None => Ok(value),
    }
}

fn read_organization(path: &Path) -> (Option<Organization>, Vec<NotAnalyzed>) {
    let file = name_of(path);
    let read = read_json(path, &file, |part, value| {
        let organization = organization_file::organization(part, value);
        let organization = organization.map_err(|error| part.shape_error(error))?;
        Ok((organization, part.policy_problems()))
    });
    match read {
        Ok((organization, entries)) => (Some(organization), entries),
        Err(error) => (None, vec![error.into_not_analyzed()]),
    }
}

/// What the files of an account say, but for its resource files.
struct ReadAccount {
    account: Account,
    roles: Vec<Resource>,
    not_analyzed: Vec<NotAnalyzed>,
}

impl ReadAccount {
    fn put_into(self, inventory: &mut Inventory) {
        inventory.accounts.insert(self.account.id.clone(), self.account);
        inventory.resources.extend(self.roles);
        inventory.not_analyzed.extend(self.not_analyzed);
    }
}

fn read_account(folder: &AccountFolder, partition: Option<Partition>) -> ReadAccount {
    let mut read = ReadAccount {
        account: Account::new(folder.id.clone()),
        roles: Vec::new(),
        not_analyzed: Vec::new(),
    };
    if let Some(path) = &folder.account_file {
        let account = read_json(path, &name_of(path), |part, value| {
            account_file::account(&folder.id, value).map_err(|error| part.shape_error(error))
        });
        match account {
            Ok(account) => read.account = account,
            Err(error) => read.not_analyzed.push(error.into_not_analyzed()),
        }
    }
    if let Some(path) = &folder.authorization_details {
        let expected = Expected { account: Some(&folder.id), partition };
        let file = name_of(path);
        let text = read_text(path, &file);
        match text.and_then(|text| authorization_details::read(&file, &text, expected)) {
            Ok(details) => {
                read.account.authorization_details = Some(Arc::new(details.details));
                read.roles = details.roles;
                read.not_analyzed.extend(details.not_analyzed);
            }
            Err(error) => read.not_analyzed.push(error.into_not_analyzed()),
        }
    }
    for entry in &mut read.not_analyzed {
        entry.account.get_or_insert_with(|| folder.id.clone());
    }
    read
}
