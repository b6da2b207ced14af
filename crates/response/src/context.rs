//! What is known around a finding. What was not found out is told apart from what is not there.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something that may not have been found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Fact<T> {
    /// It is known, also that there is none.
    Known(T),
    /// It is not known.
    Missing {
        /// Why not.
        why: String,
    },
}

impl<T> Fact<T> {
    /// A fact that is not known.
    pub fn missing(why: impl Into<String>) -> Self {
        Self::Missing { why: why.into() }
    }

    /// The value, where it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Missing { .. } => None,
        }
    }

    /// Why it is not known, where it is not.
    pub fn why_missing(&self) -> Option<&str> {
        match self {
            Self::Known(_) => None,
            Self::Missing { why } => Some(why),
        }
    }
}

/// What is known around a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Context {
    /// When it was gathered: partners expire.
    pub at: Timestamp,
    /// The resource's tags.
    pub tags: Fact<BTreeMap<String, String>>,
    /// The tags it had when the finding was first looked at. A tag that changed since may have been changed to hide
    /// the finding.
    pub tags_when_seen: Fact<BTreeMap<String, String>>,
    /// Who set which tag last, by the tag's key. A tag that is not in it was set before the time that is known.
    pub tag_setters: Fact<BTreeMap<String, TagChange>>,
    /// Tags that are not as the last known call left them: somebody has changed them since.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unexplained_tags: BTreeSet<String>,
    /// Tags that a person vouched for in the finding's record, with the value they vouched for. Nothing stands for the
    /// tag's absence.
    pub vouched_tags: BTreeMap<String, Option<String>>,
    /// The aliases of a key; known and empty for what is no key.
    pub key_aliases: Fact<BTreeSet<String>>,
    /// The account that owns the resource.
    pub account: Fact<AccountContext>,
    /// The principal's account, where it is one of the organization; nothing where it is of nobody known inside.
    pub principal_account: Fact<Option<AccountContext>>,
    /// How sensitive the data in it are, in the words of whoever classified them; nothing where nobody did.
    pub data_classification: Fact<Option<String>>,
    /// The partner whom the principal's account belongs to; nothing where it is nobody known.
    pub partner: Fact<Option<Partner>>,
    /// Who gave the access, and when.
    pub changed_by: Fact<AccessChange>,
}

impl Context {
    /// A context of which nothing is known, `why` not.
    #[must_use]
    pub fn unknown(at: Timestamp, why: &str) -> Self {
        Self {
            at,
            tags: Fact::missing(why),
            tags_when_seen: Fact::missing(why),
            tag_setters: Fact::missing(why),
            unexplained_tags: BTreeSet::new(),
            vouched_tags: BTreeMap::new(),
            key_aliases: Fact::missing(why),
            account: Fact::missing(why),
            principal_account: Fact::missing(why),
            data_classification: Fact::missing(why),
            partner: Fact::missing(why),
            changed_by: Fact::missing(why),
        }
    }
}

/// An account as its organization describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountContext {
    /// Its name.
    pub name: String,
    /// Its path of organizational units, as `o-…/r-…/ou-…/`.
    pub ou_path: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// Somebody outside who is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Partner {
    /// Who it is.
    pub vendor: String,
    /// Who answers for the relation.
    pub owner: String,
    /// Until when, that day included.
    pub expires: jiff::civil::Date,
}

impl Partner {
    /// Whether the relation is over at `at`; days end in UTC.
    #[must_use]
    pub fn is_expired(&self, at: Timestamp) -> bool {
        at.to_zoned(jiff::tz::TimeZone::UTC).date() > self.expires
    }
}

/// The change that gave the access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessChange {
    /// Who made it: an ARN.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// The call, as `UpdateAssumeRolePolicy`.
    pub event_name: String,
    /// CloudTrail's id of it.
    pub event_id: String,
}

/// The change that gave a tag its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TagChange {
    /// Who made it: an ARN.
    pub who: String,
    /// When.
    pub at: Timestamp,
}
