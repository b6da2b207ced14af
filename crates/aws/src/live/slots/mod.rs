//! The slots that are read and written, a unit each.

mod access_point_policy;
mod bucket_acl;
mod bucket_policy;
mod bucket_public_access_block;
mod cluster_snapshot_sharing;
mod database_snapshot_sharing;
mod directory_bucket_policy;
mod file_system_policy;
mod function_policy;
mod key_grant;
mod key_policy;
mod layer_policy;
mod multi_region_access_point_policy;
mod queue_policy;
mod repository_policy;
mod role_trust_policy;
mod secret_policy;
mod stream_policy;
mod table_policy;
mod topic_policy;
mod volume_snapshot_sharing;

use super::unit::Unit;

/// Every slot, in the order of their names.
pub(super) const SLOTS: &[Unit] = &[
    access_point_policy::SLOT,
    bucket_acl::SLOT,
    bucket_policy::SLOT,
    bucket_public_access_block::SLOT,
    cluster_snapshot_sharing::SLOT,
    database_snapshot_sharing::SLOT,
    directory_bucket_policy::SLOT,
    file_system_policy::SLOT,
    function_policy::SLOT,
    key_grant::SLOT,
    key_policy::SLOT,
    layer_policy::SLOT,
    multi_region_access_point_policy::SLOT,
    queue_policy::SLOT,
    repository_policy::SLOT,
    role_trust_policy::SLOT,
    secret_policy::SLOT,
    stream_policy::SLOT,
    table_policy::SLOT,
    topic_policy::SLOT,
    volume_snapshot_sharing::SLOT,
];
