//! What could not be read, as `snapshot.json` lists it.

use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// One thing that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NotRead {
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account: Option<String>,
    /// Where it is; nothing for what belongs to no region.
    pub region: Option<String>,
    /// The CloudFormation type, where it is of one.
    pub resource_type: Option<String>,
    /// Its ARN; nothing when the listing itself failed.
    pub resource: Option<String>,
    /// The action that failed.
    pub action: String,
    /// Why.
    pub reason: String,
}

impl NotRead {
    /// Something of an account as a whole.
    pub(super) fn of_account(account: &str, failure: &Failure) -> Self {
        Self {
            account: Some(account.to_owned()),
            region: None,
            resource_type: None,
            resource: None,
            action: failure.action.clone(),
            reason: failure.reason(),
        }
    }
}
