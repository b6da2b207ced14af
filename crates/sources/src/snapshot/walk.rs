//! Finds the files of a snapshot folder.
//!
//! The folder has a fixed depth, so links that lead back into it cannot keep the walk going. What is
//! found where something else is expected becomes an entry; names that start with a dot are skipped.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ringfence_access::inventory::NotAnalyzed;
use ringfence_policy::AccountId;

use super::resource_file::{ResourcePath, stray};
use crate::error::{SourceError, SourceProblem};
use crate::file::{kind_of, name_of};

/// The files under `accounts`.
#[derive(Default)]
pub(super) struct Found {
    pub(super) accounts: Vec<AccountFolder>,
    pub(super) resources: Vec<ResourcePath>,
    pub(super) not_analyzed: Vec<NotAnalyzed>,
}

/// `accounts/ID`.
pub(super) struct AccountFolder {
    pub(super) id: AccountId,
    pub(super) account_file: Option<PathBuf>,
    pub(super) authorization_details: Option<PathBuf>,
}

/// Something in a folder.
struct Item {
    path: PathBuf,
    name: String,
    kind: Kind,
}

#[derive(PartialEq)]
enum Kind {
    Folder,
    File,
    Other(&'static str),
}

/// The names in a folder, in their order.
fn list(folder: &Path) -> io::Result<Vec<Item>> {
    let mut items = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let mut file_type = entry.file_type()?;
        if file_type.is_symlink() {
            // What a link leads to counts; one that leads nowhere is read as a file, which says why.
            file_type = fs::metadata(entry.path()).map_or(file_type, |target| target.file_type());
        }
        let kind = if file_type.is_dir() {
            Kind::Folder
        } else if file_type.is_file() || file_type.is_symlink() {
            Kind::File
        } else {
            Kind::Other(kind_of(file_type))
        };
        items.push(Item { path: entry.path(), name, kind });
    }
    items.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(items)
}

/// Walks `accounts`.
pub(super) fn accounts(folder: &Path) -> Found {
    let mut found = Found::default();
    for item in found.list(folder) {
        match AccountId::new(&item.name) {
            Some(id) if item.kind == Kind::Folder => found.account(&id, &item.path),
            _ => found.unexpected(&item, None, "a folder named by an account id of twelve digits"),
        }
    }
    found
}

impl Found {
    fn list(&mut self, folder: &Path) -> Vec<Item> {
        list(folder).unwrap_or_else(|error| {
            let error = SourceError::new(&name_of(folder), SourceProblem::Unreadable(error));
            let mut entry = error.into_not_analyzed();
            entry.reason = entry.reason.replacen("the file", "the folder", 1);
            self.not_analyzed.push(entry);
            Vec::new()
        })
    }

    fn unexpected(&mut self, item: &Item, account: Option<&AccountId>, expected: &str) {
        let found = match item.kind {
            Kind::Folder => "a folder",
            Kind::File => "a file",
            Kind::Other(kind) => kind,
        };
        let reason = format!("{expected} is expected here, found {found} named `{}`", item.name);
        let account = account.cloned();
        let entry = NotAnalyzed { account, ..NotAnalyzed::new(&name_of(&item.path), reason) };
        self.not_analyzed.push(entry);
    }

    fn account(&mut self, id: &AccountId, folder: &Path) {
        let mut account =
            AccountFolder { id: id.clone(), account_file: None, authorization_details: None };
        let before = self.not_analyzed.len();
        for item in self.list(folder) {
            match item.name.as_str() {
                // Anything by these names is read as a file, which says so when it is none.
                "account.json" => account.account_file = Some(item.path),
                "authorization-details.json" => account.authorization_details = Some(item.path),
                name if item.kind == Kind::Folder && is_region(name) => self.region(id, &item),
                _ => {
                    let expected =
                        "account.json, authorization-details.json or a folder named by a Region";
                    self.unexpected(&item, Some(id), expected);
                }
            }
        }
        self.set_account(before, id);
        self.accounts.push(account);
    }

    fn region(&mut self, account: &AccountId, region: &Item) {
        let region_name: Arc<str> = Arc::from(region.name.as_str());
        for item in self.list(&region.path) {
            let is_type = item.name.split('-').count() == 3;
            if item.kind == Kind::Folder && is_type {
                self.resources_of_type(account, &region_name, &item);
            } else {
                let expected = "a folder named by a resource type, such as `AWS-S3-Bucket`,";
                self.unexpected(&item, Some(account), expected);
            }
        }
    }

    fn resources_of_type(&mut self, account: &AccountId, region: &Arc<str>, folder: &Item) {
        let resource_type: Arc<str> = Arc::from(folder.name.replace('-', "::"));
        for item in self.list(&folder.path) {
            let path = ResourcePath {
                file: name_of(&item.path),
                path: item.path,
                account: account.clone(),
                region: Arc::clone(region),
                resource_type: Arc::clone(&resource_type),
            };
            if !item.name.ends_with(".json") {
                let reason = "a file whose name ends in `.json` is expected here".to_owned();
                self.not_analyzed.push(stray(&path, reason));
            } else {
                self.resources.push(path);
            }
        }
    }

    /// Says whose the entries are that were added since there were `before`.
    fn set_account(&mut self, before: usize, id: &AccountId) {
        for entry in self.not_analyzed.iter_mut().skip(before) {
            entry.account.get_or_insert_with(|| id.clone());
        }
    }
}

fn is_region(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
