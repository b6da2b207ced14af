//! The JSON record of an internal access finding: AWS's `InternalAccessDetails` and Ringfence's own members.
//!
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_InternalAccessDetails.html>

use std::collections::BTreeMap;

use ringfence_access::internal::InternalObservation;
use serde::Serialize;

use super::record::{FindingSource, Place, Risk};

/// A finding about somebody inside the zone of trust.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InternalFinding<'o> {
    id: &'o str,
    finding_type: &'static str,
    resource: &'o str,
    resource_type: &'static str,
    resource_owner_account: &'o str,
    principal: BTreeMap<&'static str, &'o str>,
    principal_owner_account: &'o str,
    principal_type: &'static str,
    access_type: &'static str,
    action: &'o [String],
    condition: &'o BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sources: Vec<FindingSource<'o>>,
    status: &'static str,
    resource_control_policy_restriction: &'static str,
    service_control_policy_restriction: &'static str,
    access_levels: Vec<&'static str>,
    witness: serde_json::Value,
    granted_by: Vec<Place<'o>>,
    risk: Risk,
}

impl<'o> From<&'o InternalObservation> for InternalFinding<'o> {
    fn from(own: &'o InternalObservation) -> Self {
        Self {
            id: &own.id,
            finding_type: "InternalAccess",
            resource: &own.resource,
            resource_type: own.resource_type.as_str(),
            resource_owner_account: own.resource_owner_account.as_str(),
            principal: BTreeMap::from([("AWS", own.principal.as_str())]),
            principal_owner_account: own.principal_owner_account.as_str(),
            principal_type: own.principal_type.as_str(),
            access_type: own.access_type.as_str(),
            action: &own.action,
            condition: &own.condition,
            sources: own.sources.iter().map(FindingSource::from).collect(),
            status: "ACTIVE",
            resource_control_policy_restriction: own
                .resource_control_policy_restriction
                .as_rcp_str(),
            service_control_policy_restriction: own.service_control_policy_restriction.as_scp_str(),
            access_levels: own.access_levels.iter().map(|level| level.as_str()).collect(),
            witness: own.witness.to_scenario_json(),
            granted_by: own.granted_by.iter().map(Place::from).collect(),
            risk: Risk::from(&own.risk),
        }
    }
}
