//! Facts about an account as a whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use ringfence_policy::AccountId;

use super::{AuthorizationDetails, PublicAccessBlock};

/// An account. What was not read is absent, never a default.
#[derive(Clone, Debug)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// Its alias.
    pub alias: Option<String>,
    /// Its S3 canonical user id, by which access control lists name it.
    pub canonical_user_id: Option<String>,
    /// The Regions that were read.
    pub regions: Vec<String>,
    /// The S3 Block Public Access of the account, which counts for each of its buckets; all `false` where
    /// the account has none; nothing where it was not read.
    pub s3_public_access_block: Option<PublicAccessBlock>,
    /// Block public access for EBS snapshots, by Region, where it was read.
    pub ebs_snapshot_block_public_access: BTreeMap<String, EbsSnapshotBlockPublicAccess>,
    /// The SAML identity providers.
    pub saml_providers: Vec<SamlProvider>,
    /// The OpenID Connect identity providers.
    pub open_id_connect_providers: Vec<OpenIdConnectProvider>,
    /// Users, groups, roles and managed policies, where they were read.
    pub authorization_details: Option<Arc<AuthorizationDetails>>,
}

/// Block public access for EBS snapshots in one Region:
/// <https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EbsSnapshotBlockPublicAccess {
    /// `block-all-sharing`: public snapshots are treated as private.
    BlockAllSharing,
    /// `block-new-sharing`: snapshots that are public already stay so.
    BlockNewSharing,
    /// `unblocked`
    Unblocked,
}

/// A SAML identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamlProvider {
    /// Its ARN.
    pub arn: String,
}

/// An OpenID Connect identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenIdConnectProvider {
    /// Its ARN.
    pub arn: String,
    /// Its URL without `https://`, which the names of its context keys start with.
    pub url: Option<String>,
    /// The audiences it is registered for.
    pub client_ids: Vec<String>,
}

impl Account {
    /// An account of which nothing but its id is known.
    #[must_use]
    pub fn new(id: AccountId) -> Self {
        Self {
            id,
            alias: None,
            canonical_user_id: None,
            regions: Vec::new(),
            s3_public_access_block: None,
            ebs_snapshot_block_public_access: BTreeMap::new(),
            saml_providers: Vec::new(),
            open_id_connect_providers: Vec::new(),
            authorization_details: None,
        }
    }

    /// Takes over from another description of the account what this one does not say.
    pub(super) fn fill_in(&mut self, other: Self) {
        self.alias = self.alias.take().or(other.alias);
        self.canonical_user_id = self.canonical_user_id.take().or(other.canonical_user_id);
        self.s3_public_access_block = self.s3_public_access_block.or(other.s3_public_access_block);
        for region in other.regions {
            if !self.regions.contains(&region) {
                self.regions.push(region);
            }
        }
        for (region, block) in other.ebs_snapshot_block_public_access {
            self.ebs_snapshot_block_public_access.entry(region).or_insert(block);
        }
        if self.saml_providers.is_empty() {
            self.saml_providers = other.saml_providers;
        }
        if self.open_id_connect_providers.is_empty() {
            self.open_id_connect_providers = other.open_id_connect_providers;
        }
        self.authorization_details =
            self.authorization_details.take().or(other.authorization_details);
    }
}
