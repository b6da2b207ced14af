//! What is observed of a resource: what one principal inside the zone of trust can do to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use ringfence_policy::catalogue::AccessLevel;
use ringfence_policy::{AccountId, RequestContext};

use crate::inventory::ResourceType;
use crate::observation::{GrantedBy, Source};
use crate::risk::Risk;

/// Whose principal gets in: AWS's `InternalAccessType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InternalAccessType {
    /// One of the account that owns the resource.
    IntraAccount,
    /// One of another account of the organization.
    IntraOrg,
}

impl InternalAccessType {
    /// AWS's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IntraAccount => "INTRA_ACCOUNT",
            Self::IntraOrg => "INTRA_ORG",
        }
    }
}

/// What the principal is: AWS's `PrincipalType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrincipalType {
    /// A role: the sessions of it.
    IamRole,
    /// A user.
    IamUser,
}

impl PrincipalType {
    /// AWS's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IamRole => "IAM_ROLE",
            Self::IamUser => "IAM_USER",
        }
    }
}

/// What the policies of the organization have to do with an observation. Policies that restrict nothing of
/// it (`FullAWSAccess`) do not count as being there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Restriction {
    /// Some are there, and what they forbid is taken off: with an organization as zone of trust.
    Applied,
    /// Some are there, and what they forbid is not taken off: with an account as zone of trust.
    Applicable,
    /// None is there.
    NotApplicable,
    /// One could not be read, and nothing is taken off.
    FailedToEvaluate,
}

impl Restriction {
    /// AWS's name in `ResourceControlPolicyRestriction`.
    #[must_use]
    pub fn as_rcp_str(self) -> &'static str {
        match self {
            Self::FailedToEvaluate => "FAILED_TO_EVALUATE_RCP",
            own => own.as_str(),
        }
    }

    /// AWS's name in `ServiceControlPolicyRestriction`.
    #[must_use]
    pub fn as_scp_str(self) -> &'static str {
        match self {
            Self::FailedToEvaluate => "FAILED_TO_EVALUATE_SCP",
            own => own.as_str(),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "APPLIED",
            Self::Applicable => "APPLICABLE",
            Self::NotApplicable => "NOT_APPLICABLE",
            Self::FailedToEvaluate => "FAILED_TO_EVALUATE",
        }
    }
}

/// What one principal inside the zone of trust can do to one resource under one set of conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct InternalObservation {
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
    /// The ARN of the user or role.
    pub principal: String,
    /// The account of the user or role.
    pub principal_owner_account: AccountId,
    /// Which of the two it is.
    pub principal_type: PrincipalType,
    /// Whether it belongs to the resource's owner.
    pub access_type: InternalAccessType,
    /// What it can do, in order: actions that every policy in question lets through.
    pub action: Vec<String>,
    /// Under which conditions, by key: networks and the like, of the keys that external access findings
    /// report. What is settled by the principal and the resource (organization, tags, names) is settled
    /// and not shown; other keys (MFA, transport, time) stay open and are not shown either.
    pub condition: BTreeMap<String, String>,
    /// By which mechanisms of a bucket, where the bucket's side takes part; empty where identity
    /// policies alone decide, and for other types.
    pub sources: Vec<Source>,
    /// What resource control policies have to do with it.
    pub resource_control_policy_restriction: Restriction,
    /// What service control policies have to do with it.
    pub service_control_policy_restriction: Restriction,
    /// The access levels of the actions, in AWS's order.
    pub access_levels: Vec<AccessLevel>,
    /// A request that gets in.
    pub witness: RequestContext,
    /// The statements and grants that let it in.
    pub granted_by: Vec<GrantedBy>,
    /// How much it matters.
    pub risk: Risk,
}
