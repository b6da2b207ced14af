//! What is collected of an account as a whole: what goes into `account.json` and `authorization-details.json`.

mod account_alias;
mod authorization_details;
mod authorization_items;
mod ebs_snapshot_block_public_access;
mod identity_providers;
mod one_role;
mod s3_public_access_block;

pub(super) use one_role::read_role;

use super::unit::Unit;

/// Every unit, in the order of their names.
pub(super) const ACCOUNT_FACTS: &[Unit] = &[
    account_alias::ACCOUNT_FACT,
    authorization_details::ACCOUNT_FACT,
    ebs_snapshot_block_public_access::ACCOUNT_FACT,
    identity_providers::ACCOUNT_FACT,
    s3_public_access_block::ACCOUNT_FACT,
];

/// What a change of one thing in an account may have changed of the account as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountFact {
    /// S3 Block Public Access.
    S3PublicAccessBlock,
    /// Block public access for EBS snapshots.
    EbsSnapshotBlockPublicAccess,
    /// Users, groups, roles and policies.
    AuthorizationDetails,
}

impl AccountFact {
    pub(super) fn unit(self) -> &'static Unit {
        match self {
            Self::S3PublicAccessBlock => &s3_public_access_block::ACCOUNT_FACT,
            Self::EbsSnapshotBlockPublicAccess => &ebs_snapshot_block_public_access::ACCOUNT_FACT,
            Self::AuthorizationDetails => &authorization_details::ACCOUNT_FACT,
        }
    }
}
