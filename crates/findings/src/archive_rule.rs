//! Archive rules: findings that are meant to be there are archived as they come up.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-archive-rules.html>

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::filter::Filter;
use crate::finding::{ArchivedBy, Finding, FindingStatus};

/// A rule of one analyzer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchiveRule {
    /// Its name, unique in the analyzer.
    pub rule_name: String,
    /// Which findings it archives.
    pub filter: Filter,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its filter last changed.
    pub updated_at: Timestamp,
}

impl ArchiveRule {
    /// Whether it archives `finding` where it is active.
    #[must_use]
    pub fn archives(&self, finding: &Finding) -> bool {
        self.filter.admits(finding)
    }

    /// `finding` as the rule leaves it when it is applied to findings that are there already; nothing where it
    /// leaves it alone.
    #[must_use]
    pub fn applied(&self, finding: &Finding, now: Timestamp) -> Option<Finding> {
        (finding.status == FindingStatus::Active && self.archives(finding)).then(|| Finding {
            status: FindingStatus::Archived,
            archived_by: Some(ArchivedBy::Rule { rule_name: self.rule_name.clone() }),
            updated_at: now,
            ..finding.clone()
        })
    }
}

/// The first of `rules` that archives `finding`.
#[must_use]
pub fn archiving<'r>(rules: &'r [ArchiveRule], finding: &Finding) -> Option<&'r ArchiveRule> {
    rules.iter().find(|rule| rule.archives(finding))
}
