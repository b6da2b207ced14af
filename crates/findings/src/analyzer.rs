//! Analyzers: who looks, at what, for whom.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::observation::FindingType;

/// The type of an analyzer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AnalyzerType {
    /// External access; the account is trusted.
    Account,
    /// External access; the organization is trusted.
    Organization,
    /// Internal access within the account.
    AccountInternalAccess,
    /// Internal access within the organization.
    OrganizationInternalAccess,
}

impl AnalyzerType {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Account,
        Self::Organization,
        Self::AccountInternalAccess,
        Self::OrganizationInternalAccess,
    ];

    /// AWS's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "ACCOUNT",
            Self::Organization => "ORGANIZATION",
            Self::AccountInternalAccess => "ACCOUNT_INTERNAL_ACCESS",
            Self::OrganizationInternalAccess => "ORGANIZATION_INTERNAL_ACCESS",
        }
    }

    /// The type with AWS's name `text`, where it is one that exists here.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.as_str() == text)
    }

    /// What its findings are about.
    #[must_use]
    pub fn finding_type(self) -> FindingType {
        match self {
            Self::Account | Self::Organization => FindingType::ExternalAccess,
            Self::AccountInternalAccess | Self::OrganizationInternalAccess => {
                FindingType::InternalAccess
            }
        }
    }

    /// Whether its zone of trust is the organization.
    #[must_use]
    pub fn zone(self) -> Zone {
        match self {
            Self::Account | Self::AccountInternalAccess => Zone::Account,
            Self::Organization | Self::OrganizationInternalAccess => Zone::Organization,
        }
    }

    /// How many of this type an account may have in a Region.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html>
    #[must_use]
    pub fn quota(self) -> usize {
        match self {
            Self::Account | Self::AccountInternalAccess | Self::OrganizationInternalAccess => 1,
            Self::Organization => 5,
        }
    }
}

/// What is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// The account.
    Account,
    /// The organization.
    Organization,
}

/// Where an analyzer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AnalyzerStatus {
    /// It analyzes.
    Active,
    /// Its first analysis has not ended.
    Creating,
    /// It does not analyze.
    Disabled,
    /// It could not be set up.
    Failed,
}

impl AnalyzerStatus {
    /// AWS's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Creating => "CREATING",
            Self::Disabled => "DISABLED",
            Self::Failed => "FAILED",
        }
    }
}

/// An analyzer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Analyzer {
    /// `arn:PARTITION:access-analyzer:REGION:ACCOUNT:analyzer/NAME`.
    pub arn: String,
    /// Its name, unique in the account and Region.
    pub name: String,
    /// The account it is in.
    pub account: String,
    /// The Region it is in.
    pub region: String,
    /// Its type.
    #[serde(rename = "type")]
    pub analyzer_type: AnalyzerType,
    /// When it was made.
    pub created_at: Timestamp,
    /// The resource it looked at last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_resource_analyzed: Option<String>,
    /// When that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_resource_analyzed_at: Option<Timestamp>,
    /// Its tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Where it stands.
    pub status: AnalyzerStatus,
    /// AWS's code of why it is disabled or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
    /// AWS's `AnalyzerConfiguration` as it is on the wire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration: Option<Value>,
}
