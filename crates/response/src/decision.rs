//! What the rules say may be done about a finding.

use serde::{Deserialize, Serialize};

/// What may be done, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ResponseAction {
    /// Somebody is told.
    Notify,
    /// The finding is archived: the access is meant to be there.
    Archive,
    /// A plan is made that somebody has to approve.
    Propose,
    /// A plan is made and applied at once.
    Resolve,
}

impl ResponseAction {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Notify, Self::Archive, Self::Propose, Self::Resolve];

    /// Its name in rules.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Notify => "Notify",
            Self::Archive => "Archive",
            Self::Propose => "Propose",
            Self::Resolve => "Resolve",
        }
    }
}

/// What is to be done, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// What is to be done.
    pub action: ResponseAction,
    /// The rules that decided, by id; none where no rule said anything.
    pub rules: Vec<String>,
    /// What else has to be known about it: rules that erred, safety that stopped a rule.
    pub notes: Vec<String>,
}
