//! What an environment consists of: accounts, their organization, resources with their policies.
//!
//! Owned data without any judgement. The `sources` crate builds it from files; what it could not read is
//! part of it as [`NotAnalyzed`], so that an analysis can say how complete it is.

mod account;
mod assumption;
mod authorization_details;
mod configuration;
mod kms_key;
mod merge;
mod organization;
mod policy_source;
mod resource;
mod resource_type;
mod resources;
mod s3;
mod shared_snapshot;
mod token_places;

use std::collections::BTreeMap;
use std::sync::Arc;

use ringfence_policy::location::Position;
use ringfence_policy::{AccountId, Partition};

pub use account::{Account, EbsSnapshotBlockPublicAccess, OpenIdConnectProvider, SamlProvider};
pub use assumption::Assumption;
pub use authorization_details::{
    AuthorizationDetails, Group, IdentityPolicies, InlinePolicy, ManagedPolicy, Role, User,
};
pub use configuration::{
    Configuration, DynamodbStream, DynamodbTable, EcrRepository, EfsFileSystem,
    FunctionUrlAuthType, IamRole, LambdaFunction, LambdaLayerVersion, SecretsManagerSecret,
    SnsTopic, SqsQueue,
};
pub use kms_key::{KeyManager, KmsGrant, KmsGrantConstraints, KmsKey};
pub use organization::{
    Organization, OrganizationAccount, OrganizationError, OrganizationPolicy,
    OrganizationPolicyType, OrganizationalUnit, PolicyLevels, Root,
};
pub use policy_source::{Embedding, MAX_POLICY_BYTES, PolicyProblem, PolicySource, place_within};
pub use resource::{Placed, Resource, Tag};
pub use resource_type::ResourceType;
pub use resources::Resources;
pub use s3::{
    AclGrantee, AclPermission, BucketAclGrant, MultiRegionAccessPoint, NetworkOrigin,
    ObjectOwnership, PublicAccessBlock, S3AccessPoint, S3Bucket, S3DirectoryAccessPoint,
    S3ExpressDirectoryBucket,
};
pub use shared_snapshot::{EbsSnapshot, RdsSnapshot};
pub use token_places::TokenPlaces;

/// An environment, as far as it could be read. A copy is cheap: it shares resources and authorization details with
/// its original.
#[derive(Clone, Debug)]
pub struct Inventory {
    /// The partition that all accounts belong to.
    pub partition: Partition,
    /// The accounts that were read.
    pub accounts: BTreeMap<AccountId, Account>,
    /// The organization the accounts belong to, where it was read.
    pub organization: Option<Organization>,
    /// The resources, ordered by account, Region, type and ARN; no ARN of a type stands twice.
    pub resources: Resources,
    /// What could not be read or understood, ordered by file and place in it.
    pub not_analyzed: Vec<NotAnalyzed>,
    /// What does not exist in the partition or a Region of it, so that nothing of it is missing.
    pub absent: Vec<Absent>,
    /// What was taken to be so of resources that are planned, by their ARNs and places: ARNs of which parts are not
    /// known may be the same.
    pub assumptions: BTreeMap<(String, Position), Vec<Assumption>>,
}

/// Something that is there, or may be, and that no statement can be made about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotAnalyzed {
    /// The file that was to be read, or that says that something was not read.
    pub file: Arc<str>,
    /// Where in the file, when the reason is found at one place of it.
    pub position: Option<Position>,
    /// The account it belongs to, where it is known.
    pub account: Option<AccountId>,
    /// The Region it belongs to, where it is known.
    pub region: Option<String>,
    /// The resource's ARN; nothing when it is not known or when all resources of a type are meant.
    pub resource: Option<String>,
    /// The type as it is written, which may be one that does not exist.
    pub resource_type: Option<String>,
    /// Why, for a person.
    pub reason: String,
}

/// Something that AWS does not have where it was looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Absent {
    /// The file that says so.
    pub file: Arc<str>,
    /// Where, when it exists elsewhere in the partition.
    pub region: Option<String>,
    /// The CloudFormation type of which there is none.
    pub resource_type: Option<String>,
    /// What does not exist and where, for a person.
    pub reason: String,
}

impl NotAnalyzed {
    /// An entry about `file` as a whole; set what else is known.
    #[must_use]
    pub fn new(file: &Arc<str>, reason: impl Into<String>) -> Self {
        Self {
            file: Arc::clone(file),
            position: None,
            account: None,
            region: None,
            resource: None,
            resource_type: None,
            reason: reason.into(),
        }
    }

    /// The line of the file, from 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.position.map(|position| position.line)
    }
}

impl From<&Absent> for NotAnalyzed {
    fn from(absent: &Absent) -> Self {
        Self {
            region: absent.region.clone(),
            resource_type: absent.resource_type.clone(),
            ..Self::new(&absent.file, absent.reason.clone())
        }
    }
}

impl Inventory {
    /// An inventory of nothing.
    #[must_use]
    pub fn empty(partition: Partition) -> Self {
        Self {
            partition,
            accounts: BTreeMap::new(),
            organization: None,
            resources: Resources::default(),
            not_analyzed: Vec::new(),
            absent: Vec::new(),
            assumptions: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests;
