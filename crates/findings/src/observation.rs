//! What is seen now of one resource, in the shape in which findings are kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something seen of a resource. Its id says what it is about: another access has another id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    /// The id that its finding has: a lower-case UUID.
    pub id: String,
    /// The resource's ARN.
    pub resource: String,
    /// Its type, by CloudFormation's name.
    pub resource_type: String,
    /// The account that owns it.
    pub resource_owner_account: String,
    /// Its Region; `global` where its service has none.
    pub region: String,
    /// What was seen.
    pub details: Details,
}

/// What was seen: AWS's `FindingDetails`, or an error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Details {
    /// Somebody outside the zone of trust gets in.
    External(ExternalAccess),
    /// A principal inside the zone of trust gets in.
    Internal(InternalAccess),
    /// The resource could not be analyzed.
    #[serde(rename_all = "camelCase")]
    Error {
        /// What was looked for.
        finding_type: FindingType,
        /// AWS's code: `ACCESS_DENIED` or `INTERNAL_ERROR`.
        code: String,
        /// What exactly went wrong, for people. Not part of AWS's wire format.
        message: String,
    },
}

/// The type of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FindingType {
    /// Access from outside the zone of trust.
    ExternalAccess,
    /// Access from inside the zone of trust.
    InternalAccess,
}

impl FindingType {
    /// AWS's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ExternalAccess => "ExternalAccess",
            Self::InternalAccess => "InternalAccess",
        }
    }
}

/// Access from outside: AWS's `ExternalAccessDetails`, and what Ringfence knows besides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalAccess {
    /// Who gets in: one entry.
    pub principal: BTreeMap<String, String>,
    /// What they can do, in order.
    pub action: Vec<String>,
    /// Under which conditions, by key.
    pub condition: BTreeMap<String, String>,
    /// Whether somebody anonymous or unknown gets in.
    pub is_public: bool,
    /// By which mechanisms: AWS's `FindingSource` as it is on the wire. Only of S3.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Value>,
    /// Whether resource control policies bear on it.
    pub resource_control_policy_restriction: String,
    /// What the wire format has no place for: access levels, witness, granting statements, risk.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub evidence: Value,
}

/// Access from inside: AWS's `InternalAccessDetails`, and what Ringfence knows besides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InternalAccess {
    /// Who gets in: one entry.
    pub principal: BTreeMap<String, String>,
    /// The account of the principal.
    pub principal_owner_account: String,
    /// `IAM_ROLE` or `IAM_USER`.
    pub principal_type: String,
    /// `INTRA_ACCOUNT` or `INTRA_ORG`.
    pub access_type: String,
    /// What they can do, in order.
    pub action: Vec<String>,
    /// Under which conditions, by key.
    pub condition: BTreeMap<String, String>,
    /// By which mechanisms: AWS's `FindingSource` as it is on the wire.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Value>,
    /// Whether resource control policies bear on it.
    pub resource_control_policy_restriction: String,
    /// Whether service control policies bear on it.
    pub service_control_policy_restriction: String,
    /// What the wire format has no place for.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub evidence: Value,
}

impl Observation {
    /// Its type of finding.
    #[must_use]
    pub fn finding_type(&self) -> FindingType {
        match &self.details {
            Details::External(_) => FindingType::ExternalAccess,
            Details::Internal(_) => FindingType::InternalAccess,
            Details::Error { finding_type, .. } => *finding_type,
        }
    }

    /// The code of what kept the resource from being analyzed.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        match &self.details {
            Details::Error { code, .. } => Some(code),
            Details::External(_) | Details::Internal(_) => None,
        }
    }

    /// Whether somebody anonymous or unknown gets in. Unknown for errors and internal access.
    #[must_use]
    pub fn is_public(&self) -> Option<bool> {
        match &self.details {
            Details::External(access) => Some(access.is_public),
            Details::Internal(_) | Details::Error { .. } => None,
        }
    }

    /// Who gets in: one entry.
    #[must_use]
    pub fn principal(&self) -> Option<&BTreeMap<String, String>> {
        match &self.details {
            Details::External(access) => Some(&access.principal),
            Details::Internal(access) => Some(&access.principal),
            Details::Error { .. } => None,
        }
    }

    /// Under which conditions.
    #[must_use]
    pub fn condition(&self) -> Option<&BTreeMap<String, String>> {
        match &self.details {
            Details::External(access) => Some(&access.condition),
            Details::Internal(access) => Some(&access.condition),
            Details::Error { .. } => None,
        }
    }

    /// What they can do.
    #[must_use]
    pub fn action(&self) -> Option<&[String]> {
        match &self.details {
            Details::External(access) => Some(&access.action),
            Details::Internal(access) => Some(&access.action),
            Details::Error { .. } => None,
        }
    }

    /// Whether and how resource control policies bear on it, by AWS's word.
    #[must_use]
    pub fn resource_control_policy_restriction(&self) -> Option<&str> {
        match &self.details {
            Details::External(access) => Some(&access.resource_control_policy_restriction),
            Details::Internal(access) => Some(&access.resource_control_policy_restriction),
            Details::Error { .. } => None,
        }
    }
}
