//! What a proposed configuration would make of the findings that are stored.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-access-preview.html>

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::archive_rule::{ArchiveRule, archiving};
use crate::finding::{Finding, FindingStatus};
use crate::observation::Observation;

/// How a finding of a preview stands to what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ChangeType {
    /// There is no such access today.
    New,
    /// It is there today and stays as it is.
    Unchanged,
    /// It is there today and becomes something else, or goes.
    Changed,
}

/// A finding of a preview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PreviewFinding {
    /// Its id, a lower-case UUID of the preview's own.
    pub id: String,
    /// How it stands to what is stored.
    pub change_type: ChangeType,
    /// The stored finding; not of new ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub existing_finding_id: Option<String>,
    /// The status of the stored finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub existing_finding_status: Option<FindingStatus>,
    /// The access that would be there; for one that goes, the access that is there today.
    pub observation: Observation,
    /// What its status would be once the proposal is deployed: `RESOLVED` for access that goes.
    pub status: FindingStatus,
}

/// The findings of a preview, in the order of the observations, then those that go. `stored` are the findings of the
/// previewed resources; `preview` is the preview's id.
///
/// Access that keeps its resource and principal and changes otherwise is `CHANGED` and names the finding whose place it
/// takes.
#[must_use]
pub fn preview(
    stored: &[Finding],
    proposed: &[Observation],
    rules: &[ArchiveRule],
    preview: &Uuid,
) -> Vec<PreviewFinding> {
    let id = |own: &str| Uuid::new_v5(preview, own.as_bytes()).to_string();
    let known: BTreeMap<&str, &Finding> = stored.iter().map(|own| (own.id(), own)).collect();
    let kept: BTreeSet<&str> = proposed.iter().map(|own| own.id.as_str()).collect();
    let mut going: Vec<&Finding> = stored
        .iter()
        .filter(|own| own.status != FindingStatus::Resolved && !kept.contains(own.id()))
        .collect();
    let mut findings = Vec::with_capacity(proposed.len());
    for observation in proposed {
        let same = known.get(observation.id.as_str()).copied();
        let existing = match same {
            Some(same) if same.status != FindingStatus::Resolved => Some(same),
            Some(_) | None => {
                let place = going.iter().position(|own| replaces(observation, own));
                place.map(|at| going.remove(at))
            }
        };
        let change_type = match (existing, same) {
            (Some(existing), Some(same)) if existing.id() == same.id() => ChangeType::Unchanged,
            (Some(_), _) => ChangeType::Changed,
            (None, _) => ChangeType::New,
        };
        let status = match (change_type, existing) {
            (ChangeType::Unchanged, Some(existing)) => existing.status,
            _ => status_of_new(observation, rules),
        };
        findings.push(PreviewFinding {
            id: id(&observation.id),
            change_type,
            existing_finding_id: existing.map(|own| own.id().to_owned()),
            existing_finding_status: existing.map(|own| own.status),
            observation: observation.clone(),
            status,
        });
    }
    findings.extend(going.into_iter().map(|own| PreviewFinding {
        id: id(own.id()),
        change_type: ChangeType::Changed,
        existing_finding_id: Some(own.id().to_owned()),
        existing_finding_status: Some(own.status),
        observation: own.observation.clone(),
        status: FindingStatus::Resolved,
    }));
    findings
}

fn replaces(observation: &Observation, finding: &Finding) -> bool {
    let stored = &finding.observation;
    stored.resource == observation.resource
        && stored.finding_type() == observation.finding_type()
        && stored.principal().is_some()
        && stored.principal() == observation.principal()
}

fn status_of_new(observation: &Observation, rules: &[ArchiveRule]) -> FindingStatus {
    let epoch = jiff::Timestamp::UNIX_EPOCH;
    let finding = Finding {
        observation: observation.clone(),
        status: FindingStatus::Active,
        archived_by: None,
        created_at: epoch,
        analyzed_at: epoch,
        updated_at: epoch,
    };
    match archiving(rules, &finding) {
        Some(_) => FindingStatus::Archived,
        None => FindingStatus::Active,
    }
}

#[cfg(test)]
mod tests;
