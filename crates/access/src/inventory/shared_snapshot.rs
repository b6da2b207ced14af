//! Snapshots of volumes and databases, which are shared by lists of accounts and not by policies.

use super::Placed;

/// An EBS snapshot: `ebsSnapshot` of AWS's `Configuration`, and the attributes that go with it.
#[derive(Clone, Debug, Default)]
pub struct EbsSnapshot {
    /// The accounts that may create volumes from it.
    pub user_ids: Vec<Placed<String>>,
    /// The groups that may; `all` means everyone.
    pub groups: Vec<Placed<String>>,
    /// The key it is encrypted with.
    pub kms_key_id: Option<String>,
    /// Whether it is encrypted, where the file says it.
    pub encrypted: Option<bool>,
}

/// A snapshot of an RDS database or cluster: `rdsDbSnapshot` or `rdsDbClusterSnapshot` of AWS's
/// `Configuration`, and the attributes that go with it.
#[derive(Clone, Debug, Default)]
pub struct RdsSnapshot {
    /// The accounts that may restore it; `all` means everyone.
    pub restore_account_ids: Vec<Placed<String>>,
    /// The key it is encrypted with.
    pub kms_key_id: Option<String>,
    /// Whether it is encrypted, where the file says it.
    pub encrypted: Option<bool>,
}
