//! How many findings there are of which kind: AWS's `FindingsStatistics`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, FindingStatus};
use crate::observation::FindingType;

/// The counts of one analyzer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// Counts by resource type.
    pub resource_types: BTreeMap<String, Counts>,
}

/// The counts of one resource type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Active, public.
    pub active_public: u64,
    /// Active, not public.
    pub active_not_public: u64,
    /// Active errors.
    pub active_errors: u64,
    /// Archived.
    pub archived: u64,
    /// Resolved.
    pub resolved: u64,
}

impl Counts {
    /// All active ones.
    #[must_use]
    pub fn active(&self) -> u64 {
        self.active_public + self.active_not_public + self.active_errors
    }

    fn place(&mut self, finding: &Finding) -> &mut u64 {
        match (finding.status, finding.observation.is_public()) {
            (FindingStatus::Archived, _) => &mut self.archived,
            (FindingStatus::Resolved, _) => &mut self.resolved,
            (FindingStatus::Active, _) if finding.is_error() => &mut self.active_errors,
            (FindingStatus::Active, Some(true)) => &mut self.active_public,
            (FindingStatus::Active, Some(false) | None) => &mut self.active_not_public,
        }
    }
}

impl Statistics {
    /// Counts `finding` in.
    pub fn add(&mut self, finding: &Finding) {
        let own = self.resource_types.entry(finding.observation.resource_type.clone()).or_default();
        *own.place(finding) += 1;
    }

    /// The sum over all resource types.
    #[must_use]
    pub fn total(&self) -> Counts {
        self.resource_types.values().fold(Counts::default(), |sum, own| Counts {
            active_public: sum.active_public + own.active_public,
            active_not_public: sum.active_not_public + own.active_not_public,
            active_errors: sum.active_errors + own.active_errors,
            archived: sum.archived + own.archived,
            resolved: sum.resolved + own.resolved,
        })
    }

    /// The member of AWS's `findingsStatistics` list for findings of `finding_type`.
    #[must_use]
    pub fn to_wire(&self, finding_type: FindingType) -> serde_json::Value {
        let total = self.total();
        let types: serde_json::Map<_, _> = self
            .resource_types
            .iter()
            .map(|(name, own)| {
                let details = match finding_type {
                    FindingType::ExternalAccess => serde_json::json!({
                        "totalActivePublic": own.active_public,
                        "totalActiveCrossAccount": own.active_not_public,
                        "totalActiveErrors": own.active_errors,
                    }),
                    FindingType::InternalAccess => serde_json::json!({
                        "totalActiveFindings": own.active(),
                        "totalResolvedFindings": own.resolved,
                        "totalArchivedFindings": own.archived,
                    }),
                };
                (name.clone(), details)
            })
            .collect();
        let member = match finding_type {
            FindingType::ExternalAccess => "externalAccessFindingsStatistics",
            FindingType::InternalAccess => "internalAccessFindingsStatistics",
        };
        serde_json::json!({ member: {
            "resourceTypeStatistics": types,
            "totalActiveFindings": total.active(),
            "totalArchivedFindings": total.archived,
            "totalResolvedFindings": total.resolved,
        }})
    }
}
