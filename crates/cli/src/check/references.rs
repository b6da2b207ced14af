//! Which policy another one is held against, and that policy, read once.
//!
//! For each policy the first of these that there is: what `[[reference]]` in the configuration says; in the folder of
//! `--reference`, the file of the same name, with as many of the folders it is in as possible; the file that is named
//! like the resource it belongs to; the one for its type.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use ringfence_policy::{PolicyDocument, PolicyType};
use ringfence_validation::ValidatePolicyResourceType;

use crate::exit::told;
use crate::policy_file;
use crate::validate::gate::Gate;
use crate::validate::subject::{Subject, SubjectKind};

/// A policy that others are held against.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    /// Its file.
    pub(super) file: Arc<str>,
    /// Its model.
    pub(super) document: Arc<PolicyDocument>,
    /// Its type, as far as it shows: a policy without statements is of any.
    policy_type: Option<PolicyType>,
}

/// Why there is nothing to hold a policy against.
pub(super) enum NoReference {
    /// None is named.
    Missing,
    /// It is there and cannot be used; why.
    Unusable { file: PathBuf, reason: String },
}

/// The policies that others are held against.
pub(super) struct References<'g> {
    /// The file or folder that the command line names.
    place: Option<&'g Path>,
    gate: &'g Gate,
    read: BTreeMap<PathBuf, Result<Reference, String>>,
}

impl<'g> References<'g> {
    pub(super) fn new(place: Option<&'g Path>, gate: &'g Gate) -> Self {
        Self { place, gate, read: BTreeMap::new() }
    }

    /// What a policy is held against.
    pub(super) fn of(&mut self, subject: &Subject) -> Result<Reference, NoReference> {
        let gate = self.gate;
        let path = match (gate.reference_of(subject), self.place) {
            (Some(path), _) => path.to_owned(),
            (None, None) => return Err(NoReference::Missing),
            (None, Some(file)) if !file.is_dir() => {
                let reference = self.read(file)?;
                return match reference.is_of(subject.kind.policy_type) {
                    true => Ok(reference),
                    false => Err(NoReference::Missing),
                };
            }
            (None, Some(folder)) => find(folder, subject).ok_or(NoReference::Missing)?,
        };
        let unusable = |reason| NoReference::Unusable { file: path.clone(), reason };
        if is_same(&path, Path::new(subject.source.file().as_ref())) {
            let reason = "a policy would be held against itself; name another folder of references";
            return Err(unusable(reason.to_owned()));
        }
        let reference = self.read(&path)?;
        match reference.is_of(subject.kind.policy_type) {
            true => Ok(reference),
            false => {
                let (own, other) = match subject.kind.policy_type {
                    PolicyType::ResourcePolicy => ("an identity policy", "resource policies"),
                    _ => ("a resource policy", "identity policies"),
                };
                Err(unusable(format!(
                    "it is {own}; {other} cannot be held against it, as `{}` is to be",
                    subject.source.file()
                )))
            }
        }
    }

    fn read(&mut self, path: &Path) -> Result<Reference, NoReference> {
        let read = || {
            let file = policy_file::read(path).map_err(|error| told(&error))?;
            let text = file.source.decoded().unwrap_or_default();
            let policy_type = match file.document.statements.is_empty() {
                true => None,
                false => Some(SubjectKind::guess(&text).policy_type),
            };
            let document = Arc::new(file.document);
            Ok(Reference { file: Arc::clone(file.source.file()), document, policy_type })
        };
        let read = self.read.entry(path.to_owned()).or_insert_with(read);
        read.clone().map_err(|reason| NoReference::Unusable { file: path.to_owned(), reason })
    }
}

impl Reference {
    /// What allows nothing.
    pub(super) fn nothing() -> Self {
        let document = ringfence_policy::parse_policy("{\"Statement\": []}").document;
        let (file, document) = (Arc::from("no policy"), Arc::new(document));
        Self { file, document, policy_type: None }
    }

    fn is_of(&self, policy_type: PolicyType) -> bool {
        self.policy_type.is_none_or(|own| own == policy_type)
    }
}

/// The file of a folder that a policy is held against.
fn find(folder: &Path, subject: &Subject) -> Option<PathBuf> {
    let mut candidates = match &subject.owner {
        None => same_name(Path::new(subject.source.file().as_ref())),
        Some(owner) => of_resource(&owner.resource, subject.kind),
    };
    candidates.extend(of_type(subject));
    candidates.into_iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

/// `policies/team/a.json`, `team/a.json`, `a.json`.
fn same_name(file: &Path) -> Vec<PathBuf> {
    let base = std::env::current_dir().unwrap_or_default();
    let file = file.strip_prefix(&base).unwrap_or(file);
    let names: Vec<_> =
        file.components().filter(|own| matches!(own, Component::Normal(_))).collect();
    (0..names.len()).map(|from| names.iter().skip(from).collect()).collect()
}

/// `role/app/Deploy.json` of `arn:aws:iam::111122223333:role/app/Deploy`, and `.trust.json` for its trust policy. A
/// name that could lead out of the folder has no file.
fn of_resource(resource: &str, kind: SubjectKind) -> Vec<PathBuf> {
    let name = match resource.starts_with("arn:") {
        true => resource.splitn(6, ':').nth(5).unwrap_or_default(),
        false => resource,
    };
    let parts: Vec<&str> = name.split([':', '/']).collect();
    let is_odd =
        |part: &&str| part.is_empty() || *part == "." || *part == ".." || part.contains('\\');
    if parts.iter().any(is_odd) {
        return Vec::new();
    }
    let end = if is_trust(kind) { ".trust.json" } else { ".json" };
    vec![PathBuf::from(format!("{}{end}", parts.join("/")))]
}

/// `AWS-SQS-Queue.json`, `resource.json`.
fn of_type(subject: &Subject) -> Vec<PathBuf> {
    if subject.kind.policy_type != PolicyType::ResourcePolicy {
        return vec![PathBuf::from("identity.json")];
    }
    let by_type = subject.attached_to.map(|name| format!("{}.json", name.replace("::", "-")));
    let trust = is_trust(subject.kind).then(|| "trust.json".to_owned());
    let names = by_type.into_iter().chain(trust).chain(["resource.json".to_owned()]);
    names.map(PathBuf::from).collect()
}

fn is_trust(kind: SubjectKind) -> bool {
    kind.resource_type == Some(ValidatePolicyResourceType::RoleTrustPolicy)
}

/// Whether two paths lead to the same place.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::subject::SaidBy;

    #[test]
    fn names_lead_to_files_inside() {
        let names = |paths: Vec<PathBuf>| -> Vec<String> {
            paths.into_iter().map(|path| path.to_string_lossy().into_owned()).collect()
        };
        assert_eq!(names(same_name(Path::new("a/b/c.json"))), ["a/b/c.json", "b/c.json", "c.json"]);
        assert_eq!(names(same_name(Path::new("../x/c.json"))), ["x/c.json", "c.json"]);
        let kind = |resource_type| SubjectKind {
            policy_type: PolicyType::ResourcePolicy,
            resource_type,
            said_by: SaidBy::Environment,
        };
        let trust = kind(Some(ValidatePolicyResourceType::RoleTrustPolicy));
        let role = "arn:aws:iam::111122223333:role/app/Deploy";
        assert_eq!(names(of_resource(role, trust)), ["role/app/Deploy.trust.json"]);
        let function = "arn:aws:lambda:eu-west-1:111122223333:function:f";
        assert_eq!(names(of_resource(function, kind(None))), ["function/f.json"]);
        assert_eq!(names(of_resource("arn:aws:s3:::data", kind(None))), ["data.json"]);
        for odd in ["arn:aws:s3:::../x", "arn:aws:s3:::", "/etc/x", "a//b", "a\\..\\b"] {
            assert!(of_resource(odd, kind(None)).is_empty(), "{odd}");
        }
    }
}
