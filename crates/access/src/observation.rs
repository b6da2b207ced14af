//! What is observed of a resource: one way in from outside the zone of trust.

use std::collections::BTreeMap;
use std::sync::Arc;

use ringfence_policy::catalogue::AccessLevel;
use ringfence_policy::location::Position;
use ringfence_policy::{AccountId, RequestContext};

use crate::inventory::{Assumption, ResourceType};
use crate::risk::Risk;

/// Who gets in, in the one-entry map of AWS's findings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObservedPrincipal {
    /// `{"AWS": …}`: `*`, an account id, or an ARN.
    Aws(String),
    /// `{"Federated": …}`: a provider's ARN or name.
    Federated(String),
    /// `{"CanonicalUser": …}`: an S3 canonical user id.
    CanonicalUser(String),
}

impl ObservedPrincipal {
    /// The map's key and value.
    #[must_use]
    pub fn entry(&self) -> (&'static str, &str) {
        match self {
            Self::Aws(text) => ("AWS", text),
            Self::Federated(text) => ("Federated", text),
            Self::CanonicalUser(text) => ("CanonicalUser", text),
        }
    }
}

/// By which mechanism of a bucket the access comes: AWS's `FindingSource`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The bucket policy.
    Policy,
    /// The access control list.
    BucketAcl,
    /// An access point or multi-region access point, by ARN.
    S3AccessPoint(String),
    /// All access points of another account, by its id.
    S3AccessPointAccount(String),
}

/// Whether resource control policies bear on the access: they are not taken off it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceControlPolicyRestriction {
    /// One applies to the resource's service.
    Applicable,
    /// None does.
    NotApplicable,
    /// One could not be read.
    FailedToEvaluateRcp,
}

impl ResourceControlPolicyRestriction {
    /// AWS's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applicable => "APPLICABLE",
            Self::NotApplicable => "NOT_APPLICABLE",
            Self::FailedToEvaluateRcp => "FAILED_TO_EVALUATE_RCP",
        }
    }
}

/// A statement, grant or setting that lets somebody in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GrantedBy {
    /// The file that holds it.
    pub file: Arc<str>,
    /// The position of the statement in its policy, from 0; nothing for grants and settings.
    pub statement_index: Option<usize>,
    /// The statement's Sid.
    pub sid: Option<String>,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 0, in characters.
    pub column: usize,
}

impl GrantedBy {
    /// What stands at `position` of `file` and is no statement.
    #[must_use]
    pub fn place(file: &Arc<str>, position: Position) -> Self {
        let Position { line, column, .. } = position;
        Self { file: Arc::clone(file), statement_index: None, sid: None, line, column }
    }
}

/// One way into a resource from outside the zone of trust.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The finding's id: a lower-case UUID of the analyzer and of what the finding is about.
    pub id: String,
    /// The resource's ARN.
    pub resource: String,
    /// Its type.
    pub resource_type: ResourceType,
    /// The account that owns it.
    pub resource_owner_account: AccountId,
    /// Its Region; `global` where its service has none.
    pub region: Arc<str>,
    /// Who gets in.
    pub principal: ObservedPrincipal,
    /// What they can do, in order.
    pub action: Vec<String>,
    /// Under which conditions, by key.
    pub condition: BTreeMap<String, String>,
    /// Whether somebody anonymous or unknown gets in this way.
    pub is_public: bool,
    /// By which mechanisms; only for S3 buckets.
    pub sources: Vec<Source>,
    /// Whether resource control policies bear on it.
    pub resource_control_policy_restriction: ResourceControlPolicyRestriction,
    /// The access levels of the actions, in AWS's order.
    pub access_levels: Vec<AccessLevel>,
    /// A request that gets in. Resource control policies are left out of account.
    pub witness: RequestContext,
    /// What lets it in.
    pub granted_by: Vec<GrantedBy>,
    /// What it rests on, where the resource is planned and not all of it is known.
    pub rests_on: Vec<Assumption>,
    /// How much it matters.
    pub risk: Risk,
    /// How it compares with what there is; only in a preview of a change.
    pub change: Option<FindingChange>,
}

/// How a finding of a preview compares with those that there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingChange {
    /// What becomes of it.
    pub change_type: FindingChangeType,
    /// The finding that there is.
    pub existing_finding_id: Option<String>,
}

/// What becomes of a finding. The names are AWS's:
/// <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_AccessPreviewFinding.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingChangeType {
    /// There is no such access yet.
    New,
    /// There is, and it becomes another one, or goes.
    Changed,
    /// It stays as it is.
    Unchanged,
}

impl FindingChangeType {
    /// AWS's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::Changed => "CHANGED",
            Self::Unchanged => "UNCHANGED",
        }
    }
}
