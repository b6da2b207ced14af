//! The JSON records of a scan's result: AWS's members of a finding and Ringfence's own.
//!
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_FindingSummary.html>

use std::collections::BTreeMap;

use ringfence_access::inventory::{Absent, Assumption, NotAnalyzed};
use ringfence_access::observation::{GrantedBy, Observation, Source};
use serde::Serialize;

/// A finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Finding<'o> {
    id: &'o str,
    resource: &'o str,
    resource_type: &'static str,
    resource_owner_account: &'o str,
    principal: BTreeMap<&'static str, &'o str>,
    action: &'o [String],
    condition: &'o BTreeMap<String, String>,
    is_public: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sources: Vec<FindingSource<'o>>,
    status: &'static str,
    resource_control_policy_restriction: &'static str,
    access_levels: Vec<&'static str>,
    witness: serde_json::Value,
    granted_by: Vec<Place<'o>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rests_on: Vec<RestsOn<'o>>,
    risk: Risk,
    #[serde(skip_serializing_if = "Option::is_none")]
    change_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    existing_finding_id: Option<&'o str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    existing_finding_status: Option<&'static str>,
}

/// What a finding of something planned rests on.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RestsOn<'o> {
    file: &'o str,
    line: usize,
    column: usize,
    reason: &'o str,
}

#[derive(Serialize)]
pub(super) struct FindingSource<'o> {
    #[serde(rename = "type")]
    source_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<BTreeMap<&'static str, &'o str>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place<'o> {
    file: &'o str,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'o str>,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
pub(super) struct Risk {
    score: u8,
    contributions: Vec<Contribution>,
}

#[derive(Serialize)]
struct Contribution {
    factor: &'static str,
    points: u8,
}

impl<'o> From<&'o Observation> for Finding<'o> {
    fn from(observation: &'o Observation) -> Self {
        let existing =
            observation.change.as_ref().and_then(|own| own.existing_finding_id.as_deref());
        Self {
            id: &observation.id,
            resource: &observation.resource,
            resource_type: observation.resource_type.as_str(),
            resource_owner_account: observation.resource_owner_account.as_str(),
            principal: BTreeMap::from([observation.principal.entry()]),
            action: &observation.action,
            condition: &observation.condition,
            is_public: observation.is_public,
            sources: observation.sources.iter().map(FindingSource::from).collect(),
            status: "ACTIVE",
            resource_control_policy_restriction: observation
                .resource_control_policy_restriction
                .as_str(),
            access_levels: observation.access_levels.iter().map(|level| level.as_str()).collect(),
            witness: observation.witness.to_scenario_json(),
            granted_by: observation.granted_by.iter().map(Place::from).collect(),
            rests_on: observation.rests_on.iter().map(RestsOn::from).collect(),
            change_type: observation.change.as_ref().map(|own| own.change_type.as_str()),
            existing_finding_id: existing,
            existing_finding_status: existing.map(|_| "ACTIVE"),
            risk: Risk::from(&observation.risk),
        }
    }
}

impl From<&ringfence_access::risk::Risk> for Risk {
    fn from(risk: &ringfence_access::risk::Risk) -> Self {
        let contribution = |own: &ringfence_access::risk::Contribution| Contribution {
            factor: own.factor,
            points: own.points,
        };
        Self {
            score: risk.score,
            contributions: risk.contributions.iter().map(contribution).collect(),
        }
    }
}

impl<'o> From<&'o Source> for FindingSource<'o> {
    fn from(source: &'o Source) -> Self {
        let (source_type, detail) = match source {
            Source::Policy => ("POLICY", None),
            Source::BucketAcl => ("BUCKET_ACL", None),
            Source::S3AccessPoint(arn) => ("S3_ACCESS_POINT", Some(("accessPointArn", arn))),
            Source::S3AccessPointAccount(account) => {
                ("S3_ACCESS_POINT_ACCOUNT", Some(("accessPointAccount", account)))
            }
        };
        let detail = detail.map(|(name, value)| BTreeMap::from([(name, value.as_str())]));
        Self { source_type, detail }
    }
}

impl<'o> Finding<'o> {
    /// A finding that a change removes.
    pub(super) fn removed(observation: &'o Observation) -> Self {
        Self { status: "RESOLVED", ..Self::from(observation) }
    }
}

impl<'o> From<&'o Assumption> for RestsOn<'o> {
    fn from(assumption: &'o Assumption) -> Self {
        Self {
            file: &assumption.file,
            line: assumption.position.line,
            column: assumption.position.column,
            reason: &assumption.reason,
        }
    }
}

impl<'o> From<&'o GrantedBy> for Place<'o> {
    fn from(place: &'o GrantedBy) -> Self {
        Self {
            file: &place.file,
            statement_index: place.statement_index,
            sid: place.sid.as_deref(),
            line: place.line,
            column: place.column,
        }
    }
}

/// An entry of "not analyzed". Members that are not known are `null`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NotAnalyzedRecord<'n> {
    resource: Option<&'n str>,
    resource_type: Option<&'n str>,
    account: Option<&'n str>,
    region: Option<&'n str>,
    file: &'n str,
    line: Option<usize>,
    column: Option<usize>,
    reason: &'n str,
}

impl<'n> From<&'n NotAnalyzed> for NotAnalyzedRecord<'n> {
    fn from(entry: &'n NotAnalyzed) -> Self {
        Self {
            resource: entry.resource.as_deref(),
            resource_type: entry.resource_type.as_deref(),
            account: entry.account.as_ref().map(ringfence_policy::AccountId::as_str),
            region: entry.region.as_deref(),
            file: &entry.file,
            line: entry.line(),
            column: entry.position.map(|position| position.column),
            reason: &entry.reason,
        }
    }
}

/// Something that does not exist.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AbsentRecord<'a> {
    region: Option<&'a str>,
    resource_type: Option<&'a str>,
    reason: &'a str,
}

impl<'a> From<&'a Absent> for AbsentRecord<'a> {
    fn from(entry: &'a Absent) -> Self {
        Self {
            region: entry.region.as_deref(),
            resource_type: entry.resource_type.as_deref(),
            reason: &entry.reason,
        }
    }
}
