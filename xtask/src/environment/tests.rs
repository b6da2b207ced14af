use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::{Plan, Written, write};
use crate::workspace;

/// Every file's content by its path.
fn contents(folder: &Path) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
    let files = workspace::files(folder).unwrap();
    let content = |path: std::path::PathBuf| {
        let name = path.strip_prefix(folder).unwrap().to_owned();
        (name, fs::read(path).unwrap())
    };
    files.into_iter().map(content).collect()
}

fn written(name: &str, plan: Plan) -> (Written, BTreeMap<std::path::PathBuf, Vec<u8>>) {
    let folder =
        std::env::temp_dir().join(format!("ringfence-environment-{name}-{}", std::process::id()));
    let written = write(&folder, plan).unwrap();
    let contents = contents(&folder);
    fs::remove_dir_all(&folder).unwrap();
    (written, contents)
}

#[test]
fn the_seed_decides_every_byte() {
    let plan = Plan::new(400, 7);
    let (one, first) = written("one", plan);
    let (_, again) = written("again", plan);
    assert_eq!(first, again);
    let (_, other) = written("other", Plan { seed: 8, ..plan });
    assert_ne!(first, other);
    assert_eq!(one.resource_files + one.roles, 400);
    // Besides the resources: the manifest, the organization, and two files an account.
    assert_eq!(first.len(), one.resource_files + 2 + 2 * 3);
}

#[test]
fn what_is_written_is_read_but_for_what_is_broken() {
    let folder =
        std::env::temp_dir().join(format!("ringfence-environment-read-{}", std::process::id()));
    let plan = Plan::new(9_000, 1);
    let written = write(&folder, plan).unwrap();
    let inventory = ringfence_sources::read_snapshot(&folder).unwrap();
    assert!(write(&folder, plan).is_err(), "a folder in use is written into");
    fs::remove_dir_all(&folder).unwrap();
    let files: BTreeSet<_> = inventory.not_analyzed.iter().map(|entry| &entry.file).collect();
    assert_eq!(files.len(), written.broken_files, "{:?}", inventory.not_analyzed);
    assert!(written.broken_files >= 3);
    assert_eq!(inventory.resources.len(), 9_000 - written.broken_files);
    assert_eq!(inventory.accounts.len(), plan.accounts);
    let types: BTreeSet<_> = inventory.resources.iter().map(|own| own.resource_type()).collect();
    assert_eq!(types.len(), 16);
    let organization = inventory.organization.unwrap();
    // Three policies are written; RCPFullAWSAccess is always there.
    assert_eq!((organization.accounts.len(), organization.policies.len()), (plan.accounts, 4));
}
