//! `ringfence.toml`, read and checked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use ringfence_policy::PolicyType;
use ringfence_validation::ValidatePolicyResourceType;

use super::path_glob::{PathGlob, TextGlob};
use crate::validate::severity::{FailOn, Severity};
use crate::validate::subject::{SaidBy, SubjectKind};

/// The configuration; without a file, one that says nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    /// The folder that names of files start from; the working folder where there is no file.
    pub(crate) folder: PathBuf,
    /// The least severity that fails the run.
    pub(crate) fail_on: Option<FailOn>,
    /// What is passed over in folders.
    pub(crate) exclude: Vec<PathGlob>,
    /// Checks whose findings no suppression can silence.
    pub(crate) not_suppressible: BTreeSet<String>,
    /// How grave the findings of checks are.
    pub(crate) checks: BTreeMap<String, Level>,
    /// What holds for some files; later ones win.
    pub(crate) paths: Vec<PathRules>,
    /// The policies that others are held against by `check no-new-access`; later ones win.
    pub(crate) references: Vec<ReferenceRule>,
    /// Findings that do not count.
    pub(crate) suppressions: Vec<Suppression>,
}

/// How grave the findings of a check are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// The check is switched off.
    Off,
    /// As grave as this.
    Severity(Severity),
}

/// What holds for some files.
#[derive(Clone, Debug)]
pub(crate) struct PathRules {
    /// Which.
    pub(crate) path: PathGlob,
    /// How grave the findings of checks are there.
    pub(crate) checks: BTreeMap<String, Level>,
    /// The type of the policies there.
    pub(crate) policy_type: Option<PolicyType>,
    /// What they are attached to.
    pub(crate) resource_type: Option<ValidatePolicyResourceType>,
}

/// The policy that some others are held against.
#[derive(Clone, Debug)]
pub(crate) struct ReferenceRule {
    /// The files of the others.
    pub(crate) path: Option<PathGlob>,
    /// The users, roles or resources that they belong to, where an environment holds them.
    pub(crate) resource: Option<TextGlob>,
    /// Their type.
    pub(crate) policy_type: Option<PolicyType>,
    /// The policy that says how far they may go.
    pub(crate) policy: PathBuf,
}

/// Findings that do not count, and who says so. What is missing of the latter fails the run.
#[derive(Clone, Debug)]
pub(crate) struct Suppression {
    /// The check.
    pub(crate) check: String,
    /// The files.
    pub(crate) path: PathGlob,
    /// The statement, where only one is meant.
    pub(crate) sid: Option<String>,
    /// The user, role or resource, where only some of an environment are meant.
    pub(crate) resource: Option<TextGlob>,
    /// Why.
    pub(crate) reason: Option<String>,
    /// Who answers for it.
    pub(crate) owner: Option<String>,
    /// The last day on which it holds.
    pub(crate) expires: Option<Date>,
    /// The file that says so.
    pub(crate) file: String,
    /// Line, from 1, and column, from 0, where the file says it.
    pub(crate) place: (usize, usize),
}

impl Config {
    /// A file's name from the configuration's folder on, with `/`; the whole name where it is elsewhere.
    pub(crate) fn name_of(&self, path: &Path) -> String {
        let absolute = |path: &Path| std::path::absolute(path).ok();
        let base = match self.folder.as_os_str().is_empty() {
            true => std::env::current_dir().ok(),
            false => absolute(&self.folder),
        };
        let whole = absolute(path).unwrap_or_else(|| path.to_owned());
        let inside = base.and_then(|base| whole.strip_prefix(base).ok().map(Path::to_owned));
        let name = inside.unwrap_or(whole).to_string_lossy().into_owned();
        if cfg!(windows) { name.replace('\\', "/") } else { name }
    }

    /// The type that the file gives to the policy at a path.
    pub(crate) fn kind_of(&self, path: &Path) -> Option<SubjectKind> {
        if self.paths.is_empty() {
            return None;
        }
        let name = self.name_of(path);
        let rules = self.paths.iter().rev().filter(|rules| rules.path.matches(&name));
        let (policy_type, resource_type) =
            rules.filter_map(|rules| Some((rules.policy_type?, rules.resource_type))).next()?;
        Some(SubjectKind { policy_type, resource_type, said_by: SaidBy::User })
    }

    /// How grave the findings of a check are in a file, where the configuration says it.
    pub(crate) fn level(&self, check: &str, name: &str) -> Option<Level> {
        let rules = self.paths.iter().rev().filter(|rules| rules.path.matches(name));
        let of_path = rules.filter_map(|rules| rules.checks.get(check)).next();
        of_path.or_else(|| self.checks.get(check)).copied()
    }
}
