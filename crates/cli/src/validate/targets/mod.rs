//! From what the command line names to the policies that are to be checked.

mod content;
mod environment;
mod file;
mod folder;

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use ringfence_access::inventory::{Inventory, NotAnalyzed, PolicySource};
use ringfence_sources::read_snapshot;

use super::subject::{Subject, SubjectKind, attached_to};
use crate::exit::told;
use crate::policy_file::is_stdin;

/// What the targets hold.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    /// The policies, in the order of the command line and of the files' names.
    pub(crate) subjects: Vec<Subject>,
    /// What could not be read inside of a target that could.
    pub(crate) not_analyzed: Vec<NotAnalyzed>,
    /// Targets that could not be read at all, and why.
    pub(crate) unreadable: Vec<NotAnalyzed>,
    /// How many files hold no policy.
    pub(crate) other_files: usize,
    /// How many policies of AWS were left out.
    pub(crate) aws_managed: usize,
}

/// What is not for the targets to say.
pub(crate) struct Choices<'c> {
    /// The type of the policy in a file, where somebody says it.
    pub(crate) kind: &'c dyn Fn(&Path) -> Option<SubjectKind>,
    /// Whether a file or folder that is found in a folder counts.
    pub(crate) keep: &'c dyn Fn(&Path) -> bool,
    /// What becomes of a named file that holds no policy.
    pub(crate) other_files: OtherFiles,
    /// What becomes of policies that AWS manages.
    pub(crate) aws_managed: AwsManaged,
}

/// What becomes of a named file that holds no policy.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OtherFiles {
    /// It is checked as one.
    Check,
    /// It is passed over.
    Skip,
}

/// What becomes of policies that AWS manages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum AwsManaged {
    /// They are checked as well.
    Check,
    /// They are left out.
    Skip,
}

/// Reads the targets. A target that cannot be read does not stop the others.
pub(crate) fn read(paths: &[PathBuf], choices: &Choices<'_>) -> Targets {
    let mut reader = Reader { choices, targets: Targets::default(), seen: BTreeSet::new() };
    for path in paths {
        reader.named(&clean(path));
    }
    reader.targets
}

/// A path without the components that say nothing.
pub(crate) fn clean(path: &Path) -> PathBuf {
    let kept = path.components().filter(|component| *component != Component::CurDir);
    let cleaned: PathBuf = kept.collect();
    if cleaned.as_os_str().is_empty() { PathBuf::from(".") } else { cleaned }
}

struct Reader<'c> {
    choices: &'c Choices<'c>,
    targets: Targets,
    seen: BTreeSet<PathBuf>,
}

/// How a file came to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    ByUser,
    ByFolder,
}

impl Reader<'_> {
    fn named(&mut self, path: &Path) {
        if !path.is_dir() {
            return self.file(path, Named::ByUser);
        }
        if folder::is_snapshot(path) {
            return self.snapshot(path, Named::ByUser);
        }
        let found = folder::walk(path, self.choices.keep);
        for (folder, error) in found.problems {
            let reason = format!("`{}` cannot be listed: {error}", shown(&folder));
            match folder == path {
                true => self.unreadable(&folder, reason),
                false => self.not_analyzed(&folder, reason),
            }
        }
        found.files.iter().for_each(|file| self.file(file, Named::ByFolder));
        found.snapshots.iter().for_each(|folder| self.snapshot(folder, Named::ByFolder));
    }

    fn failed(&mut self, path: &Path, named: Named, error: &anyhow::Error) {
        match named {
            Named::ByUser => self.unreadable(path, told(error)),
            Named::ByFolder => self.not_analyzed(path, told(error)),
        }
    }

    fn not_analyzed(&mut self, path: &Path, reason: String) {
        self.targets.not_analyzed.push(NotAnalyzed::new(&Arc::from(shown(path)), reason));
    }

    fn unreadable(&mut self, path: &Path, reason: String) {
        self.targets.unreadable.push(NotAnalyzed::new(&Arc::from(shown(path)), reason));
    }

    fn file(&mut self, path: &Path, named: Named) {
        if !self.seen.insert(clean(path)) {
            return;
        }
        let name: Arc<str> = match is_stdin(path) {
            true => Arc::from("<stdin>"),
            false => Arc::from(shown(path)),
        };
        match file::read(path, &name) {
            Ok(file::Found::Policy(source)) => self.policy(path, source),
            Ok(file::Found::Environment(inventory)) => self.environment(*inventory),
            Ok(file::Found::NotRead(what)) => {
                let reason = format!("the policies in it are not read: it is {what}");
                self.not_analyzed(path, reason);
            }
            Ok(file::Found::Other(source)) => {
                let is_checked =
                    named == Named::ByUser && self.choices.other_files == OtherFiles::Check;
                match source {
                    Some(source) if is_checked => self.policy(path, source),
                    None if is_checked => {
                        let reason = format!("`{name}` is longer than any policy");
                        self.unreadable(path, reason);
                    }
                    // A folder holds YAML of all kinds.
                    _ if named == Named::ByFolder && folder::is_template(path) => {}
                    _ => self.targets.other_files += 1,
                }
            }
            Err(error) => self.failed(path, named, &error),
        }
    }

    fn policy(&mut self, path: &Path, source: PolicySource) {
        let kind = (self.choices.kind)(path);
        let guess = || SubjectKind::guess(&source.decoded().unwrap_or_default());
        let kind = kind.unwrap_or_else(guess);
        self.targets.subjects.push(Subject {
            source,
            kind,
            owner: None,
            attached_to: attached_to(kind),
            path: Some(path.to_owned()),
        });
    }

    fn snapshot(&mut self, folder: &Path, named: Named) {
        if !self.seen.insert(clean(folder)) {
            return;
        }
        match read_snapshot(folder) {
            Ok(inventory) => self.environment(inventory),
            Err(error) => self.failed(folder, named, &error.into()),
        }
    }

    fn environment(&mut self, inventory: Inventory) {
        let (subjects, not_analyzed) = environment::subjects(inventory);
        self.targets.not_analyzed.extend(not_analyzed);
        for subject in subjects {
            let is_left_out = self.choices.aws_managed == AwsManaged::Skip
                && subject.owner.as_ref().is_some_and(|owner| is_aws_managed(&owner.resource));
            match is_left_out {
                true => self.targets.aws_managed += 1,
                false => self.targets.subjects.push(subject),
            }
        }
    }
}

/// Whether AWS manages the policy with this ARN or id.
fn is_aws_managed(resource: &str) -> bool {
    resource == "p-FullAWSAccess"
        || resource.split(':').nth(4) == Some("aws") && resource.contains(":iam::aws:policy/")
}

/// A path as it is shown.
fn shown(path: &Path) -> String {
    clean(path).to_string_lossy().into_owned()
}
