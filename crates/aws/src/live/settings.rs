//! Which accounts are reached, and as whom.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::connection::Access;

/// How accounts are reached.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How to reach AWS.
    pub access: Access,
    /// The role that reads, in each account.
    pub reading: AccountRole,
    /// The role that changes, in each account.
    pub remediation: AccountRole,
    /// Who acts in the account whose credentials the program has.
    pub own_account: OwnAccount,
    /// Which accounts may be read and changed.
    pub managed: Managed,
    /// How long a service may show the old value after it was given a new one. SQS says that it takes up to a minute.
    pub settle: Duration,
}

/// A role that stands in every account under the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRole {
    /// Its name, after a path where it has one: `service/RingfenceRemediation`.
    pub name: String,
    /// What it asks for besides.
    pub external_id: Option<String>,
}

/// Who acts in the account whose credentials the program has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OwnAccount {
    /// The same roles as everywhere.
    #[default]
    Roles,
    /// Whoever runs the program.
    Credentials,
}

/// Which accounts may be read and changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Managed {
    /// Every account that has the roles.
    #[default]
    EveryAccount,
    /// These, by their ids.
    Only(BTreeSet<String>),
}

impl Default for Settings {
    fn default() -> Self {
        let role = |name: &str| AccountRole { name: name.to_owned(), external_id: None };
        Self {
            access: Access {
                call_timeout: Duration::from_secs(30),
                max_attempts: 6,
                ..Access::default()
            },
            reading: role("RingfenceCollector"),
            remediation: role("RingfenceRemediation"),
            own_account: OwnAccount::Roles,
            managed: Managed::EveryAccount,
            settle: Duration::from_secs(75),
        }
    }
}
