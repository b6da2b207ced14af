//! `cargo xtask environment`: writes a snapshot folder of an organization of any size, for measuring.
//!
//! The same arguments give the same files. Proportions are those of a mid-size company: many roles,
//! functions, buckets and queues, few file systems; most policies name their own account and
//! organization, about one resource in twenty lets in somebody else, a few are public, and one file in
//! two thousand is broken.

mod account;
mod authorization_details;
mod broken;
mod organization;
mod policy;
mod random;
mod resource;
mod resource_kinds;
mod statement;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use organization::World;
use random::Random;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder to write; it must not exist or be empty
    #[arg(long)]
    out: PathBuf,
    /// How many resources, roles included
    #[arg(long)]
    resources: usize,
    /// How many accounts; one for each thousand resources, at least three
    #[arg(long)]
    accounts: Option<usize>,
    /// What the environment is made from
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What an environment is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) resources: usize,
    pub(crate) accounts: usize,
    pub(crate) seed: u64,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// Resources in files of their own.
    pub(crate) resource_files: usize,
    /// Resource files that cannot be read or understood, among them.
    pub(crate) broken_files: usize,
    /// Roles.
    pub(crate) roles: usize,
}

impl Plan {
    /// The plan for so many resources in the usual number of accounts.
    pub(crate) fn new(resources: usize, seed: u64) -> Self {
        Self { resources, accounts: (resources / 1000).max(3), seed }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut plan = Plan::new(arguments.resources, arguments.seed);
    plan.accounts = arguments.accounts.unwrap_or(plan.accounts).max(1);
    let written = write(&arguments.out, plan)?;
    let Written { resource_files, broken_files, roles } = written;
    println!(
        "`{}`: {} accounts, {roles} roles, {resource_files} resource files, {broken_files} of them broken",
        arguments.out.display(),
        plan.accounts
    );
    Ok(ExitCode::SUCCESS)
}

/// Writes the environment that `plan` describes into `folder`.
pub(crate) fn write(folder: &Path, plan: Plan) -> Result<Written> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    if fs::read_dir(folder)?.next().is_some() {
        bail!("`{}` is not empty", folder.display());
    }
    let world = World::new(plan.accounts, plan.seed);
    let mut files = Files { root: folder, folders: BTreeSet::new() };
    files.write(Path::new("organization.json"), &text(&world.organization())?)?;
    let mut roles = vec![0; world.accounts.len()];
    let mut written = Written::default();
    for number in 0..plan.resources {
        let mut random = Random::of(plan.seed, number as u64 + 1);
        let account = world.owner(&mut random);
        let kind = resource_kinds::draw(&mut random);
        match kind {
            resource_kinds::Drawn::Role => {
                written.roles += 1;
                if let Some(count) = roles.get_mut(account) {
                    *count += 1;
                }
            }
            resource_kinds::Drawn::InFile(kind) => {
                let (path, value) = resource::file(&mut random, &world, account, kind, number);
                let mut bytes = text(&value)?;
                if broken::is_broken(written.resource_files) {
                    broken::break_it(&mut bytes, written.broken_files);
                    written.broken_files += 1;
                }
                files.write(&path, &bytes)?;
                written.resource_files += 1;
            }
        }
    }
    for (account, roles) in roles.into_iter().enumerate() {
        let mut random = Random::of(plan.seed ^ 0xACC0, account as u64);
        let folder = world.folder(account);
        let details = authorization_details::of(&mut random, &world, account, roles);
        files.write(
            &folder.join("account.json"),
            &text(&account::file(&mut random, &world, account))?,
        )?;
        files.write(&folder.join("authorization-details.json"), &text(&details)?)?;
    }
    let manifest = serde_json::json!({
        "formatVersion": 1,
        "createdAt": "2026-03-02T06:00:00Z",
        "createdBy": "cargo xtask environment",
        "partition": "aws",
        "notRead": [],
    });
    files.write(Path::new("snapshot.json"), &text(&manifest)?)?;
    Ok(written)
}

fn text(value: &Value) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Writes files and the folders they need.
struct Files<'r> {
    root: &'r Path,
    folders: BTreeSet<PathBuf>,
}

impl Files<'_> {
    fn write(&mut self, path: &Path, bytes: &[u8]) -> Result<()> {
        let path = self.root.join(path);
        if let Some(folder) = path.parent()
            && !self.folders.contains(folder)
        {
            fs::create_dir_all(folder)?;
            self.folders.insert(folder.to_owned());
        }
        fs::write(&path, bytes).with_context(|| format!("cannot write `{}`", path.display()))
    }
}
