//! What a service keeps of who may reach a resource, one piece that a call reads and a call writes each.

use std::collections::BTreeMap;

use ringfence_access::inventory::ResourceType;
use serde::{Deserialize, Serialize};

/// A resource whose access is changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// AWS's name of its type, as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// Its ARN.
    pub arn: String,
    /// The account that owns it.
    pub account: String,
    /// Its Region; `global` for a role.
    pub region: String,
}

impl Target {
    /// The type, where it is one that access is analyzed for.
    #[must_use]
    pub fn kind(&self) -> Option<ResourceType> {
        ResourceType::parse(&self.resource_type)
    }
}

/// One piece of what decides about access to a resource. Its value is a text, or nothing where the service keeps
/// none: a policy document byte by byte as the service gave it, or, for what is no document, JSON in the shape of
/// the service's own API with its members in alphabetical order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "slot", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Slot {
    /// A role's trust policy.
    RoleTrustPolicy,
    /// A bucket's policy.
    BucketPolicy,
    /// A bucket's access control list: `{"Grants": […], "Owner": {…}}`.
    BucketAcl,
    /// A bucket's public access block: `{"BlockPublicAcls": …, …}`.
    BucketPublicAccessBlock,
    /// The policy of a bucket's access point.
    AccessPointPolicy {
        /// The access point's ARN.
        access_point_arn: String,
    },
    /// A directory bucket's policy.
    DirectoryBucketPolicy,
    /// A key's policy, the one called `default`.
    KeyPolicy,
    /// A grant of a key, as ListGrants shows it. It can be revoked; one made again has another id.
    KeyGrant {
        /// The grant's id.
        grant_id: String,
    },
    /// A queue's policy.
    QueuePolicy,
    /// A topic's policy.
    TopicPolicy,
    /// A function's policy, as GetPolicy shows it. It is written a statement at a time, and Lambda writes only
    /// statements that allow.
    FunctionPolicy,
    /// The policy of a layer's version, written a statement at a time.
    LayerPolicy,
    /// A secret's policy.
    SecretPolicy,
    /// A repository's policy.
    RepositoryPolicy,
    /// A file system's policy.
    FileSystemPolicy,
    /// A table's policy.
    TablePolicy,
    /// The policy of a table's stream.
    StreamPolicy,
    /// Who may make volumes of a snapshot: `{"Groups": […], "UserIds": […]}`, each in alphabetical order.
    VolumeSnapshotSharing,
    /// Who may restore a snapshot of a database: `["all"]` or account ids, in alphabetical order.
    DatabaseSnapshotSharing,
    /// Who may restore a snapshot of a cluster, likewise.
    ClusterSnapshotSharing,
}

/// What all slots of a resource hold. A slot that could not be read is not in it.
pub type Slots = BTreeMap<Slot, Option<String>>;
