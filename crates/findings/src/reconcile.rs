//! What to write so that the stored findings agree with what is observed now.
//!
//! | stored | observed | becomes |
//! |---|---|---|
//! | – | yes | a new finding, active, or archived where a rule says so |
//! | resolved | yes | active again, or archived where a rule says so |
//! | active, archived | yes | as it is, with what was observed last |
//! | active, archived | no | resolved |
//! | an error | no | deleted |
//! | resolved, longer than 90 days | no | deleted |
//!
//! What could not be looked at is never resolved: not knowing is not safe.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::archive_rule::{ArchiveRule, archiving};
use crate::finding::{ArchivedBy, Finding, FindingStatus};
use crate::observation::Observation;

/// Whether everything was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// All access of the resource was judged.
    Complete,
    /// A part of it could not be: access that is not observed may still be there.
    Incomplete,
}

/// What is seen now of one resource, or of several.
#[derive(Clone, Copy, Debug)]
pub struct Observed<'o> {
    /// What was seen.
    pub observations: &'o [Observation],
    /// Whether that is all.
    pub completeness: Completeness,
}

/// Something to write.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A finding that was not there.
    Create(Finding),
    /// The same finding with another status: an event tells of it.
    Status {
        /// What it was.
        before: FindingStatus,
        /// The finding as it is now.
        finding: Finding,
    },
    /// The same finding with the same status, looked at again.
    Refresh(Finding),
    /// It is gone.
    Delete(Finding),
}

/// The changes, in the order of the findings' ids. `stored` are the findings of the resources that were looked at, and
/// no others. Once they are written, the same call gives no change.
#[must_use]
pub fn reconcile(
    stored: &[Finding],
    observed: Observed<'_>,
    rules: &[ArchiveRule],
    now: Timestamp,
) -> Vec<Change> {
    let known: BTreeMap<&str, &Finding> = stored.iter().map(|own| (own.id(), own)).collect();
    let seen: BTreeMap<&str, &Observation> =
        observed.observations.iter().map(|own| (own.id.as_str(), own)).collect();
    let ids: BTreeSet<&str> = known.keys().chain(seen.keys()).copied().collect();
    ids.into_iter()
        .filter_map(|id| match (known.get(id), seen.get(id)) {
            (None, Some(observation)) => Some(Change::Create(new(observation, rules, now))),
            (Some(finding), Some(observation)) => again(finding, observation, rules, now),
            (Some(finding), None) => unseen(finding, observed.completeness, now),
            (None, None) => None,
        })
        .collect()
}

fn new(observation: &Observation, rules: &[ArchiveRule], now: Timestamp) -> Finding {
    let mut finding = Finding {
        observation: observation.clone(),
        status: FindingStatus::Active,
        archived_by: None,
        created_at: now,
        analyzed_at: now,
        updated_at: now,
    };
    archive(&mut finding, rules);
    finding
}

fn archive(finding: &mut Finding, rules: &[ArchiveRule]) {
    if let Some(rule) = archiving(rules, finding) {
        finding.status = FindingStatus::Archived;
        finding.archived_by = Some(ArchivedBy::Rule { rule_name: rule.rule_name.clone() });
    }
}

fn again(
    finding: &Finding,
    observation: &Observation,
    rules: &[ArchiveRule],
    now: Timestamp,
) -> Option<Change> {
    let mut next =
        Finding { observation: observation.clone(), analyzed_at: now, ..finding.clone() };
    if finding.status == FindingStatus::Resolved {
        next.status = FindingStatus::Active;
        next.updated_at = now;
        archive(&mut next, rules);
        return Some(Change::Status { before: finding.status, finding: next });
    }
    (next != *finding).then_some(Change::Refresh(next))
}

fn unseen(finding: &Finding, completeness: Completeness, now: Timestamp) -> Option<Change> {
    // Errors are seen whenever they are there, so one that is not seen is mended.
    if finding.is_error() || finding.is_outdated(now) {
        return Some(Change::Delete(finding.clone()));
    }
    match (finding.status, completeness) {
        (FindingStatus::Resolved, _) | (_, Completeness::Incomplete) => None,
        (before @ (FindingStatus::Active | FindingStatus::Archived), Completeness::Complete) => {
            let finding = Finding {
                status: FindingStatus::Resolved,
                archived_by: None,
                analyzed_at: now,
                updated_at: now,
                ..finding.clone()
            };
            Some(Change::Status { before, finding })
        }
    }
}

#[cfg(test)]
mod tests;
