//! The policies that can apply to one request, layer by layer, and what is said of a decision.

use std::sync::Arc;

use super::document::Decision;
use crate::account_id::AccountId;
use crate::document::PolicyDocument;

/// The policies that apply to a request. A layer that is `None` does not exist and limits nothing; one
/// that is empty exists and allows nothing. The documents of one layer are read together as one policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PolicyStack {
    /// The management account of the organization, which SCPs and RCPs do not bind; where it is not
    /// known, the control policies given bind whatever account it is.
    pub management_account: Option<AccountId>,
    /// Attached to the user, its groups, or the role.
    pub identity_policies: Option<Vec<Arc<PolicyDocument>>>,
    /// The user's or role's permissions boundary.
    pub permissions_boundaries: Option<Vec<Arc<PolicyDocument>>>,
    /// Passed when the session was created.
    pub session_policies: Option<Vec<Arc<PolicyDocument>>>,
    /// Attached to the resource: bucket policy, key policy, role trust policy.
    pub resource_policy: Option<Arc<PolicyDocument>>,
    /// Of the VPC endpoint that the request goes through.
    pub endpoint_policies: Option<Vec<Arc<PolicyDocument>>>,
    /// The SCPs of each level of the caller's organization, from the root to the account.
    pub service_control_policies: Option<Vec<Vec<Arc<PolicyDocument>>>>,
    /// The RCPs of each level of the resource's organization, from the root to the account.
    pub resource_control_policies: Option<Vec<Vec<Arc<PolicyDocument>>>>,
}

/// A layer of the stack. The names are those of a scenario's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the layer of that name in `PolicyStack`")]
pub enum Layer {
    ResourceControlPolicies,
    ServiceControlPolicies,
    EndpointPolicies,
    ResourcePolicy,
    IdentityPolicies,
    PermissionsBoundaries,
    SessionPolicies,
    /// No policy: a rule of the service or of AWS itself.
    Service,
}

impl Layer {
    /// The name of the scenario's member; `service` for a rule that no policy states.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ResourceControlPolicies => "resourceControlPolicies",
            Self::ServiceControlPolicies => "serviceControlPolicies",
            Self::EndpointPolicies => "endpointPolicies",
            Self::ResourcePolicy => "resourcePolicy",
            Self::IdentityPolicies => "identityPolicies",
            Self::PermissionsBoundaries => "permissionsBoundaries",
            Self::SessionPolicies => "sessionPolicies",
            Self::Service => "service",
        }
    }
}

/// Where a statement stands in its layer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatementReference {
    /// The document's place in its layer (and level), from 0.
    pub policy_index: usize,
    /// The statement's place in the document, from 0.
    pub statement_index: usize,
    /// The statement's Sid, when it has one.
    pub sid: Option<String>,
}

/// One part of why a decision is as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The layer that decided.
    pub layer: Layer,
    /// The level of the organization, from the root (0) down, for control policies.
    pub level: Option<usize>,
    /// The statement that decided; nothing where the absence of one did.
    pub statement: Option<StatementReference>,
    /// What it did, for a person.
    pub description: &'static str,
}

/// A decision and its reasons.
///
/// An explicit deny names every Deny statement that matches; an implicit deny every layer that would have
/// had to allow the request and does not; an allow one Allow statement of every layer that had to say so.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Outcome {
    /// What becomes of the request.
    pub decision: Decision,
    /// Why, in the order of the layers.
    pub reasons: Vec<Reason>,
}
