//! Collection: a live account or organization becomes a snapshot folder that `scan` reads.
//!
//! What is collected is in two registries, `resource_types` and `account_facts`, a file for each kind of thing with
//! its calls and the actions they need. What cannot be read is a result of its own and stops nothing.

mod absent;
mod account_facts;
mod account_run;
mod accounts;
mod error;
mod file_name;
mod limits;
mod live;
mod not_read;
mod one;
mod organization;
mod organization_policies;
pub(crate) mod pages;
mod place;
pub(crate) mod policy_text;
mod progress;
mod reading;
mod regions;
mod request;
mod resource_types;
mod run;
mod s3;
mod snapshot_folder;
mod unit;

pub use absent::Absent;
pub use account_facts::AccountFact;
pub use error::CollectError;
pub use limits::Limits;
pub use live::{Live, ReadAgain};
pub use not_read::NotRead;
pub use progress::{Counts, Progress};
pub use regions::RegionChoice;
pub use request::{AccountChoice, Collected, Request};
pub use run::collect;

use std::collections::BTreeSet;

/// Who calls what: the actions of each account's role, and those that only whoever runs a collection of an organization
/// needs.
#[derive(Debug)]
pub struct Actions {
    /// What reading one account takes.
    pub account: BTreeSet<&'static str>,
    /// What reading the organization takes.
    pub organization: BTreeSet<&'static str>,
    /// What reading one resource by itself takes besides, as the service does when it hears of a change.
    pub one_by_one: BTreeSet<&'static str>,
}

/// Every action that collection needs, from what its parts declare. `sts:GetCallerIdentity` needs no permission, and
/// `sts:AssumeRole` is allowed by the caller's own policy.
#[must_use]
pub fn actions() -> Actions {
    let units = resource_types::RESOURCE_TYPES.iter().chain(account_facts::ACCOUNT_FACTS);
    let of_units = units.flat_map(|unit| unit.actions);
    Actions {
        account: of_units.chain(regions::ACTIONS).copied().collect(),
        organization: organization::ACTIONS.iter().copied().collect(),
        one_by_one: one::ACTIONS.iter().copied().collect(),
    }
}
