//! What a scan comes to.

use std::collections::BTreeMap;

use ringfence_access::internal::InternalObservation;
use ringfence_access::inventory::{Absent, NotAnalyzed, Resource};
use ringfence_access::observation::{FindingChangeType, Observation};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::Access;
use super::record::AbsentRecord;

/// The totals of a scan.
#[derive(Clone, Debug)]
pub(super) struct Summary {
    /// Whose access was looked for.
    pub(super) access: Access,
    /// Findings.
    pub(super) findings: usize,
    /// Those of them that are public.
    pub(super) public: usize,
    /// Resources that were looked at.
    pub(super) resources: usize,
    /// Resources with a finding.
    pub(super) resources_with_findings: usize,
    /// Entries of "not analyzed".
    pub(super) not_analyzed: usize,
    /// Those of them that AWS does not have where they were looked for.
    pub(super) absent: Vec<Absent>,
    /// How findings compare with what there is; only in a preview of a change.
    pub(super) changes: Option<Changes>,
    by_type: BTreeMap<String, OfType>,
}

/// How many findings of a preview there are of each kind.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Changes {
    pub(super) new: usize,
    pub(super) changed: usize,
    pub(super) unchanged: usize,
    pub(super) removed: usize,
}

/// The findings of one resource, counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    /// All.
    pub(super) findings: usize,
    /// Those that are public.
    public: usize,
    changes: Changes,
}

impl Counts {
    pub(super) fn external(findings: &[Observation]) -> Self {
        let public = findings.iter().filter(|finding| finding.is_public).count();
        let mut changes = Changes::default();
        for change in findings.iter().filter_map(|finding| finding.change.as_ref()) {
            match change.change_type {
                FindingChangeType::New => changes.new += 1,
                FindingChangeType::Changed => changes.changed += 1,
                FindingChangeType::Unchanged => changes.unchanged += 1,
            }
        }
        Self { findings: findings.len(), public, changes }
    }

    /// Nobody inside is the public.
    pub(super) fn internal(findings: &[InternalObservation]) -> Self {
        Self { findings: findings.len(), ..Self::default() }
    }
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct OfType {
    resources_analyzed: usize,
    findings: usize,
    public_findings: usize,
    not_analyzed: usize,
}

impl Summary {
    pub(super) fn new(access: Access) -> Self {
        Self {
            access,
            findings: 0,
            public: 0,
            resources: 0,
            resources_with_findings: 0,
            not_analyzed: 0,
            absent: Vec::new(),
            changes: None,
            by_type: BTreeMap::new(),
        }
    }

    /// Whether everything was analyzed.
    pub(super) fn complete(&self) -> bool {
        self.not_analyzed == 0
    }

    /// Adds a resource with its findings.
    pub(super) fn count(&mut self, resource: &Resource, counts: Counts) {
        let Counts { findings, public, changes: own } = counts;
        if let Some(changes) = &mut self.changes {
            changes.new += own.new;
            changes.changed += own.changed;
            changes.unchanged += own.unchanged;
        }
        self.resources += 1;
        self.resources_with_findings += usize::from(findings > 0);
        self.findings += findings;
        self.public += public;
        let own = self.of_type(resource.resource_type().as_str());
        own.resources_analyzed += 1;
        own.findings += findings;
        own.public_findings += public;
    }

    /// Adds findings that a change removes.
    pub(super) fn count_removed(&mut self, removed: &[Observation]) {
        if let Some(changes) = &mut self.changes {
            changes.removed += removed.len();
        }
    }

    /// Adds something that could not be analyzed.
    pub(super) fn count_not_analyzed(&mut self, entry: &NotAnalyzed) {
        self.not_analyzed += 1;
        if let Some(name) = &entry.resource_type {
            self.of_type(name).not_analyzed += 1;
        }
    }

    fn of_type(&mut self, name: &str) -> &mut OfType {
        self.by_type.entry(name.to_owned()).or_default()
    }
}

impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut summary = serializer.serialize_struct("Summary", 9)?;
        summary.serialize_field("complete", &self.complete())?;
        summary.serialize_field("findings", &self.findings)?;
        summary.serialize_field("publicFindings", &self.public)?;
        summary.serialize_field("resourcesAnalyzed", &self.resources)?;
        summary.serialize_field("resourcesWithFindings", &self.resources_with_findings)?;
        summary.serialize_field("notAnalyzed", &self.not_analyzed)?;
        if !self.absent.is_empty() {
            let absent: Vec<_> = self.absent.iter().map(AbsentRecord::from).collect();
            summary.serialize_field("absent", &absent)?;
        }
        if let Some(changes) = &self.changes {
            summary.serialize_field("changes", changes)?;
        }
        summary.serialize_field("byResourceType", &self.by_type)?;
        summary.end()
    }
}
