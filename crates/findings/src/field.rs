//! The keys that filters and archive rules may name, and what a finding has for each.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html>

use crate::finding::Finding;
use crate::observation::{Details, Observation};

/// Where a filter is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// In an archive rule.
    ArchiveRule,
    /// In a list of findings.
    List,
    /// In a list of an access preview's findings.
    PreviewList,
}

/// A key of a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field<'k> {
    /// The resource's ARN.
    Resource,
    /// The resource's type.
    ResourceType,
    /// The resource's account.
    ResourceOwnerAccount,
    /// `true` or `false`; not of errors and internal access.
    IsPublic,
    /// AWS's name of the finding's type.
    FindingType,
    /// Whether resource control policies bear on it.
    ResourceControlPolicyRestriction,
    /// Whether service control policies bear on it; of internal access.
    ServiceControlPolicyRestriction,
    /// `INTRA_ACCOUNT` or `INTRA_ORG`; of internal access.
    AccessType,
    /// `IAM_ROLE` or `IAM_USER`; of internal access.
    PrincipalType,
    /// The principal's account; of internal access.
    PrincipalOwnerAccount,
    /// The status; not in archive rules.
    Status,
    /// The code of an error.
    Error,
    /// The id; not in archive rules.
    Id,
    /// Of a preview's findings.
    ChangeType,
    /// Of a preview's findings.
    ExistingFindingId,
    /// Of a preview's findings.
    ExistingFindingStatus,
    /// `principal.AWS`, `principal.Federated`, `principal.CanonicalUser`: the part behind the full stop.
    Principal(&'k str),
    /// `condition.KEY`: the condition key.
    Condition(&'k str),
}

impl<'k> Field<'k> {
    /// The field called `name`, where `place` knows it. Names count as AWS writes them.
    #[must_use]
    pub fn parse(name: &'k str, place: Use) -> Option<Self> {
        let in_lists = place != Use::ArchiveRule;
        let in_previews = place == Use::PreviewList;
        Some(match name {
            "resource" => Self::Resource,
            "resourceType" => Self::ResourceType,
            "resourceOwnerAccount" => Self::ResourceOwnerAccount,
            "isPublic" => Self::IsPublic,
            "findingType" => Self::FindingType,
            "resourceControlPolicyRestriction" => Self::ResourceControlPolicyRestriction,
            "serviceControlPolicyRestriction" => Self::ServiceControlPolicyRestriction,
            "accessType" => Self::AccessType,
            "principalType" => Self::PrincipalType,
            "principalOwnerAccount" => Self::PrincipalOwnerAccount,
            "error" => Self::Error,
            "status" if in_lists => Self::Status,
            "id" if in_lists => Self::Id,
            "changeType" if in_previews => Self::ChangeType,
            "existingFindingId" if in_previews => Self::ExistingFindingId,
            "existingFindingStatus" if in_previews => Self::ExistingFindingStatus,
            _ => match name.split_once('.')? {
                ("principal", kind @ ("AWS" | "Federated" | "CanonicalUser")) => {
                    Self::Principal(kind)
                }
                ("condition", key) if !key.is_empty() => Self::Condition(key),
                _ => return None,
            },
        })
    }

    /// What `finding` has; nothing where it has none.
    #[must_use]
    pub fn of(self, finding: &Finding) -> Option<&str> {
        match self {
            Self::Status => Some(finding.status.as_str()),
            _ => self.of_observation(&finding.observation),
        }
    }

    /// What `observation` has; nothing where it has none.
    #[must_use]
    pub fn of_observation(self, observation: &Observation) -> Option<&str> {
        let internal = match &observation.details {
            Details::Internal(access) => Some(access),
            Details::External(_) | Details::Error { .. } => None,
        };
        match self {
            Self::Resource => Some(&observation.resource),
            Self::ResourceType => Some(&observation.resource_type),
            Self::ResourceOwnerAccount => Some(&observation.resource_owner_account),
            Self::Id => Some(&observation.id),
            Self::IsPublic => {
                observation.is_public().map(|public| if public { "true" } else { "false" })
            }
            Self::FindingType => Some(observation.finding_type().as_str()),
            Self::Error => observation.error(),
            Self::ResourceControlPolicyRestriction => {
                observation.resource_control_policy_restriction()
            }
            Self::ServiceControlPolicyRestriction => {
                internal.map(|access| access.service_control_policy_restriction.as_str())
            }
            Self::AccessType => internal.map(|access| access.access_type.as_str()),
            Self::PrincipalType => internal.map(|access| access.principal_type.as_str()),
            Self::PrincipalOwnerAccount => {
                internal.map(|access| access.principal_owner_account.as_str())
            }
            Self::Principal(kind) => observation.principal()?.get(kind).map(String::as_str),
            // Condition keys compare without regard to case.
            Self::Condition(key) => {
                let mut all = observation.condition()?.iter();
                all.find(|(own, _)| own.eq_ignore_ascii_case(key)).map(|(_, value)| value.as_str())
            }
            // A stored finding is no change.
            Self::Status
            | Self::ChangeType
            | Self::ExistingFindingId
            | Self::ExistingFindingStatus => None,
        }
    }
}
