//! A finding: what is stored of an observation, and where it stands.

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::observation::{Details, Observation};

/// Where a finding stands.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-findings.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FindingStatus {
    /// The access is there and nobody has said that it is meant to be.
    Active,
    /// The access is there, and a person or a rule said that it is meant to be.
    Archived,
    /// The access is gone.
    Resolved,
}

impl FindingStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Active, Self::Archived, Self::Resolved];

    /// AWS's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Archived => "ARCHIVED",
            Self::Resolved => "RESOLVED",
        }
    }
}

/// Who archived a finding, and why. AWS's wire format has no place for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "camelCase")]
pub enum ArchivedBy {
    /// An archive rule of the analyzer, when the finding was new or the rule was applied.
    #[serde(rename_all = "camelCase")]
    Rule {
        /// The rule's name.
        rule_name: String,
    },
    /// A caller of `UpdateFindings`.
    Person {
        /// The caller: an ARN, or what stands for one.
        who: String,
        /// What they gave as a reason.
        reason: Option<String>,
    },
}

/// A finding of one analyzer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What was observed last.
    #[serde(flatten)]
    pub observation: Observation,
    /// Where it stands.
    pub status: FindingStatus,
    /// Who archived it; only of archived ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_by: Option<ArchivedBy>,
    /// When it was first observed.
    pub created_at: Timestamp,
    /// When it was last looked at.
    pub analyzed_at: Timestamp,
    /// When its status last changed.
    pub updated_at: Timestamp,
}

/// Days after which resolved findings are deleted; others never are.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-findings.html>
pub const RESOLVED_KEPT_DAYS: i64 = 90;

impl Finding {
    /// Its id, a lower-case UUID.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.observation.id
    }

    /// Whether it says that a resource could not be analyzed.
    #[must_use]
    pub fn is_error(&self) -> bool {
        matches!(self.observation.details, Details::Error { .. })
    }

    /// Whether it has been resolved for so long that it is to be deleted.
    #[must_use]
    pub fn is_outdated(&self, now: Timestamp) -> bool {
        let kept = (RESOLVED_KEPT_DAYS * 24).hours();
        self.status == FindingStatus::Resolved
            && self.updated_at.checked_add(kept).is_ok_and(|end| end <= now)
    }

    /// The finding after a caller asked for `status`; nothing where that changes nothing. Resolved findings stay
    /// resolved: the access is gone whatever anybody says.
    #[must_use]
    pub fn updated(&self, status: StatusUpdate, by: ArchivedBy, now: Timestamp) -> Option<Self> {
        let (status, archived_by) = match (self.status, status) {
            (FindingStatus::Active, StatusUpdate::Archived) => (FindingStatus::Archived, Some(by)),
            (FindingStatus::Archived, StatusUpdate::Active) => (FindingStatus::Active, None),
            (FindingStatus::Active, StatusUpdate::Active)
            | (FindingStatus::Archived, StatusUpdate::Archived)
            | (FindingStatus::Resolved, _) => return None,
        };
        Some(Self { status, archived_by, updated_at: now, ..self.clone() })
    }
}

/// What `UpdateFindings` may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusUpdate {
    /// Back to active.
    Active,
    /// Archived.
    Archived,
}
