//! What a scan comes to.

use std::collections::BTreeMap;

use ringfence_access::inventory::{NotAnalyzed, Resource};
use ringfence_access::observation::Observation;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// The totals of a scan.
#[derive(Clone, Debug, Default)]
pub(super) struct Summary {
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
    by_type: BTreeMap<String, OfType>,
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
    /// Whether everything that is there was analyzed.
    pub(super) fn complete(&self) -> bool {
        self.not_analyzed == 0
    }

    /// Adds a resource with its findings.
    pub(super) fn count(&mut self, resource: &Resource, findings: &[Observation]) {
        let public = findings.iter().filter(|finding| finding.is_public).count();
        self.resources += 1;
        self.resources_with_findings += usize::from(!findings.is_empty());
        self.findings += findings.len();
        self.public += public;
        let own = self.of_type(resource.resource_type().as_str());
        own.resources_analyzed += 1;
        own.findings += findings.len();
        own.public_findings += public;
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
        let mut summary = serializer.serialize_struct("Summary", 7)?;
        summary.serialize_field("complete", &self.complete())?;
        summary.serialize_field("findings", &self.findings)?;
        summary.serialize_field("publicFindings", &self.public)?;
        summary.serialize_field("resourcesAnalyzed", &self.resources)?;
        summary.serialize_field("resourcesWithFindings", &self.resources_with_findings)?;
        summary.serialize_field("notAnalyzed", &self.not_analyzed)?;
        summary.serialize_field("byResourceType", &self.by_type)?;
        summary.end()
    }
}
