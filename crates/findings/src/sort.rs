//! The order in which findings are listed.

use serde::{Deserialize, Serialize};

use crate::finding::Finding;

/// What findings are sorted by. Findings that are equal by it come in the order of their ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SortBy {
    /// When the status last changed.
    #[default]
    UpdatedAt,
    /// When it was first observed.
    CreatedAt,
    /// When it was last looked at.
    AnalyzedAt,
    /// The id.
    Id,
    /// The resource's ARN.
    Resource,
    /// The resource's type.
    ResourceType,
    /// The resource's account.
    ResourceOwnerAccount,
    /// The status.
    Status,
}

/// The direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum OrderBy {
    /// Smallest or oldest first.
    #[default]
    Asc,
    /// Largest or newest first.
    Desc,
}

impl SortBy {
    /// The attribute called `name`, as findings spell it on the wire.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "updatedAt" => Self::UpdatedAt,
            "createdAt" => Self::CreatedAt,
            "analyzedAt" => Self::AnalyzedAt,
            "id" => Self::Id,
            "resource" => Self::Resource,
            "resourceType" => Self::ResourceType,
            "resourceOwnerAccount" => Self::ResourceOwnerAccount,
            "status" => Self::Status,
            _ => return None,
        })
    }

    /// What `finding` is sorted by, as a text that sorts as its value does: times as whole milliseconds since 1970 with
    /// leading zeros.
    #[must_use]
    pub fn key(self, finding: &Finding) -> String {
        let time = |at: jiff::Timestamp| format!("{:015}", at.as_millisecond());
        match self {
            Self::UpdatedAt => time(finding.updated_at),
            Self::CreatedAt => time(finding.created_at),
            Self::AnalyzedAt => time(finding.analyzed_at),
            Self::Id => finding.id().to_owned(),
            Self::Resource => finding.observation.resource.clone(),
            Self::ResourceType => finding.observation.resource_type.clone(),
            Self::ResourceOwnerAccount => finding.observation.resource_owner_account.clone(),
            Self::Status => finding.status.as_str().to_owned(),
        }
    }
}
