//! Who was trusted, as the result says it.

use std::collections::BTreeSet;

use ringfence_access::external::ZoneChoice;
use ringfence_access::inventory::Inventory;
use ringfence_policy::AccountId;
use serde::Serialize;

/// The zone of trust of a scan.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub(super) enum ZoneOfTrustView {
    /// Each account for itself.
    Account {
        /// The account, when there is exactly one.
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<String>,
        /// All accounts.
        accounts: Vec<String>,
    },
    /// The accounts of an organization.
    Organization { organization_id: String, accounts: Vec<String> },
}

impl ZoneOfTrustView {
    pub(super) fn new(inventory: &Inventory, choice: ZoneChoice) -> Self {
        if let (ZoneChoice::Organization, Some(organization)) = (choice, &inventory.organization) {
            let accounts = organization.accounts.keys().map(ToString::to_string).collect();
            return Self::Organization { organization_id: organization.id.clone(), accounts };
        }
        let owners = inventory.resources.iter().map(|resource| &resource.account);
        let accounts: BTreeSet<&AccountId> = inventory.accounts.keys().chain(owners).collect();
        let accounts: Vec<String> = accounts.into_iter().map(ToString::to_string).collect();
        let account = match accounts.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        };
        Self::Account { account, accounts }
    }
}
