//! What decides about access to buckets, access points and multi-region access points of Amazon S3.

use std::collections::BTreeMap;

use ringfence_policy::location::Position;

use super::PolicySource;

/// A general purpose bucket: `s3Bucket` of AWS's `Configuration`, and the attributes that go with it.
#[derive(Clone, Debug, Default)]
pub struct S3Bucket {
    /// The bucket policy.
    pub bucket_policy: Option<PolicySource>,
    /// The grants of the bucket's access control list.
    pub bucket_acl_grants: Vec<BucketAclGrant>,
    /// The bucket's own Block Public Access; nothing is blocked where the bucket has none. That of the
    /// account comes on top.
    pub public_access_block: PublicAccessBlock,
    /// The access points by ARN; they may belong to other accounts.
    pub access_points: BTreeMap<String, S3AccessPoint>,
    /// Whether the access control list counts.
    pub object_ownership: ObjectOwnership,
    /// The canonical user id of the bucket's owner.
    pub owner_id: Option<String>,
    /// The multi-region access points that lead to the bucket, in the order of the file.
    pub multi_region_access_points: Vec<MultiRegionAccessPoint>,
}

/// A directory bucket (S3 Express One Zone). Block Public Access is always on and access control lists do
/// not exist: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-security.html>.
#[derive(Clone, Debug, Default)]
pub struct S3ExpressDirectoryBucket {
    /// The bucket policy.
    pub bucket_policy: Option<PolicySource>,
    /// The access points by ARN.
    pub access_points: BTreeMap<String, S3DirectoryAccessPoint>,
}

/// One grant of an access control list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketAclGrant {
    /// What is granted.
    pub permission: AclPermission,
    /// To whom.
    pub grantee: AclGrantee,
    /// Where the file says it.
    pub position: Position,
}

/// A permission of an access control list. The names are AWS's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is AWS's permission of that name")]
pub enum AclPermission {
    Read,
    Write,
    ReadAcp,
    WriteAcp,
    FullControl,
}

/// Who gets a permission of an access control list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AclGrantee {
    /// The account with this canonical user id.
    Id(String),
    /// The predefined group with this URI.
    Uri(String),
}

/// S3 Block Public Access: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PublicAccessBlock {
    /// New public access control lists are refused; existing ones stay.
    pub block_public_acls: bool,
    /// Public access control lists do not count.
    pub ignore_public_acls: bool,
    /// New public policies are refused; existing ones stay.
    pub block_public_policy: bool,
    /// A public policy lets only the owner's account and AWS services in.
    pub restrict_public_buckets: bool,
}

/// Who owns objects that other accounts upload, and with it whether access control lists count:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html>.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ObjectOwnership {
    /// The bucket's owner; access control lists do not count.
    BucketOwnerEnforced,
    /// The bucket's owner, for uploads that say so.
    BucketOwnerPreferred,
    /// Whoever uploads; what a bucket without this setting has.
    #[default]
    ObjectWriter,
}

/// An access point of a bucket.
#[derive(Clone, Debug, Default)]
pub struct S3AccessPoint {
    /// The access point's policy.
    pub access_point_policy: Option<PolicySource>,
    /// The access point's own Block Public Access; nothing where the file does not say it. AWS switches
    /// it on for access points that are created without a word about it.
    pub public_access_block: Option<PublicAccessBlock>,
    /// From where it can be used.
    pub network_origin: NetworkOrigin,
}

/// An access point of a directory bucket.
#[derive(Clone, Debug, Default)]
pub struct S3DirectoryAccessPoint {
    /// The access point's policy.
    pub access_point_policy: Option<PolicySource>,
    /// From where it can be used.
    pub network_origin: NetworkOrigin,
}

/// From where an access point can be used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum NetworkOrigin {
    /// From everywhere.
    #[default]
    Internet,
    /// Only from the VPC with this id.
    Vpc(String),
}

/// A multi-region access point that leads to the bucket. A request through it needs the leave of its
/// policy and of the bucket's.
#[derive(Clone, Debug)]
pub struct MultiRegionAccessPoint {
    /// Its ARN, `arn:aws:s3::111122223333:accesspoint/alias.mrap`.
    pub arn: String,
    /// Its policy.
    pub policy: Option<PolicySource>,
    /// Its own Block Public Access; nothing where the file does not say it.
    pub public_access_block: Option<PublicAccessBlock>,
}
