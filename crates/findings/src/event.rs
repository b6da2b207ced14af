//! What is told of a finding when it changes: the `detail-type` and `detail` of AWS's EventBridge events.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html>

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::analyzer::Analyzer;
use crate::finding::Finding;
use crate::observation::{Details, FindingType};

/// An event about one finding or preview. The sink adds the envelope: `id`, `source`, `account`, `time`, `region`, `version`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Event {
    /// AWS's `detail-type`.
    pub detail_type: String,
    /// What the event is about: the analyzer's ARN.
    pub resources: Vec<String>,
    /// The account of the analyzer.
    pub account: String,
    /// The Region of the analyzer.
    pub region: String,
    /// When it happened.
    pub time: Timestamp,
    /// AWS's `detail`.
    pub detail: Value,
}

/// Whether the finding is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existence {
    /// It is.
    Stored,
    /// It was deleted, or its analyzer was.
    Deleted,
}

/// The event that tells what `finding` has become.
#[must_use]
pub fn finding_event(
    analyzer: &Analyzer,
    finding: &Finding,
    existence: Existence,
    now: Timestamp,
) -> Event {
    let detail_type = match finding.observation.finding_type() {
        FindingType::ExternalAccess => "Access Analyzer Finding",
        FindingType::InternalAccess => "Internal Access Finding",
    };
    Event {
        detail_type: detail_type.to_owned(),
        resources: vec![analyzer.arn.clone()],
        account: analyzer.account.clone(),
        region: analyzer.region.clone(),
        time: now,
        detail: Value::Object(detail(analyzer, finding, existence)),
    }
}

/// What an access preview has become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewState<'a> {
    /// Its id.
    pub id: &'a str,
    /// The ARNs of the resources that it proposes configurations for.
    pub configured_resources: Vec<&'a str>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Its status before; nothing where it is new.
    pub previous_status: Option<&'a str>,
    /// Its status, by AWS's name.
    pub status: &'a str,
    /// AWS's code of why it failed.
    pub reason: Option<&'a str>,
}

/// The event that tells what an access preview has become.
#[must_use]
pub fn preview_event(analyzer: &Analyzer, state: &PreviewState<'_>, now: Timestamp) -> Event {
    let mut detail = Map::new();
    let mut put = |name: &str, value: Value| _ = detail.insert(name.to_owned(), value);
    put("version", json!("1.0"));
    put("accessPreviewId", json!(state.id));
    put("region", json!(analyzer.region));
    put("status", json!(state.status));
    if let Some(previous) = state.previous_status {
        put("previousStatus", json!(previous));
    }
    if let Some(code) = state.reason {
        put("statusReason", json!({ "code": code }));
    }
    put("createdAt", json!(state.created_at.to_string()));
    put("configuredResources", json!(state.configured_resources));
    Event {
        detail_type: "Access Preview State Change".to_owned(),
        resources: vec![analyzer.arn.clone()],
        account: analyzer.account.clone(),
        region: analyzer.region.clone(),
        time: now,
        detail: Value::Object(detail),
    }
}

fn detail(analyzer: &Analyzer, finding: &Finding, existence: Existence) -> Map<String, Value> {
    let observation = &finding.observation;
    let mut detail = Map::new();
    let mut put = |name: &str, value: Value| _ = detail.insert(name.to_owned(), value);
    put("version", json!("1.0"));
    put("id", json!(observation.id));
    put("status", json!(finding.status.as_str()));
    put("resourceType", json!(observation.resource_type));
    put("resource", json!(observation.resource));
    put("createdAt", json!(finding.created_at.to_string()));
    put("analyzedAt", json!(finding.analyzed_at.to_string()));
    put("updatedAt", json!(finding.updated_at.to_string()));
    put("accountId", json!(observation.resource_owner_account));
    put("isDeleted", json!(existence == Existence::Deleted));
    match &observation.details {
        Details::External(access) => {
            put("region", json!(analyzer.region));
            put("principal", json!(access.principal));
            put("action", json!(access.action));
            put("condition", json!(access.condition));
            put("isPublic", json!(access.is_public));
        }
        Details::Internal(access) => {
            put("findingType", json!(FindingType::InternalAccess.as_str()));
            put("principal", json!(access.principal));
            put("principalOwnerAccount", json!(access.principal_owner_account));
            put("principalType", json!(access.principal_type));
            put("accessType", json!(access.access_type));
            put("action", json!(access.action));
            put("condition", json!(access.condition));
            put(
                "resourceControlPolicyRestrictionType",
                json!(access.resource_control_policy_restriction),
            );
            put(
                "serviceControlPolicyRestrictionType",
                json!(access.service_control_policy_restriction),
            );
        }
        Details::Error { finding_type, code, .. } => {
            match finding_type {
                FindingType::ExternalAccess => put("region", json!(analyzer.region)),
                FindingType::InternalAccess => put("findingType", json!(finding_type.as_str())),
            }
            put("error", json!(code));
        }
    }
    detail
}
