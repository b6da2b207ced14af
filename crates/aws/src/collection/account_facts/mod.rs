//! What is collected of an account as a whole: what goes into `account.json` and `authorization-details.json`.

mod account_alias;
mod authorization_details;
mod authorization_items;
mod ebs_snapshot_block_public_access;
mod identity_providers;
mod s3_public_access_block;

use super::unit::Unit;

/// Every unit, in the order of their names.
pub(super) const ACCOUNT_FACTS: &[Unit] = &[
    account_alias::ACCOUNT_FACT,
    authorization_details::ACCOUNT_FACT,
    ebs_snapshot_block_public_access::ACCOUNT_FACT,
    identity_providers::ACCOUNT_FACT,
    s3_public_access_block::ACCOUNT_FACT,
];
