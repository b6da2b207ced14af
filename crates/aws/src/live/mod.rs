//! Live accounts: what decides about access to one resource is read, and changed.
//!
//! A resource's access is a set of slots (`response::slot`), a unit each in `slots`. Reading and changing are done by two
//! roles in each account, one of which can only read. What is to be written, and whether, is decided elsewhere: here a
//! value is replaced only where it is still the one that the decision was made on, and what was written is read again.

mod access_events;
mod accounts;
mod arn;
mod aws_findings;
mod canonical;
mod change;
mod dynamodb_policy;
mod history;
mod lambda_statements;
mod last_change;
mod place;
mod read;
mod role;
mod role_mentions;
mod settings;
mod slots;
mod tag_events;
mod tag_setters;
mod tags;
mod text;
mod unit;
mod write;
mod write_failure;

pub use accounts::Accounts;
pub use aws_findings::{ArchiveCriterion, AwsAccess, AwsFinding, AwsStatus};
pub use read::{Read, Unread};
pub use role::{RestoredRole, RoleDefinition, RoleUses};
pub use settings::{AccountRole, Managed, OwnAccount, Settings};
pub use tag_setters::{TagSetters, TagsNow};
pub use write::Written;
pub use write_failure::WriteFailure;

use std::collections::BTreeSet;

/// What the two roles have to be allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actions {
    /// What the reading role needs.
    pub reading: BTreeSet<&'static str>,
    /// What the remediation role needs: a slot is read again before and after it is written.
    pub remediation: BTreeSet<&'static str>,
    /// What the remediation role needs besides where it may delete roles, and make again those that it deleted.
    pub role_deletion: BTreeSet<&'static str>,
}

/// Every action that reading and changing accounts takes, from what the parts declare.
#[must_use]
pub fn actions() -> Actions {
    let slots: BTreeSet<_> =
        slots::SLOTS.iter().flat_map(|unit| unit.read_actions).copied().collect();
    let writes = slots::SLOTS.iter().flat_map(|unit| unit.write_actions);
    let around = role::READ_ACTIONS.iter().chain(aws_findings::READ_ACTIONS).chain(tags::ACTIONS);
    let around = around.copied().chain([history::ACTION]);
    Actions {
        reading: slots.iter().copied().chain(around).collect(),
        remediation: slots
            .iter()
            .chain(writes)
            .chain(aws_findings::WRITE_ACTIONS)
            .copied()
            .collect(),
        role_deletion: role::DELETE_ACTIONS.iter().copied().collect(),
    }
}
