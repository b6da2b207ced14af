//! Which management events of CloudTrail change what decides about access, and where each says of what.
//!
//! Names of events and members are those of CloudTrail, not of the APIs: S3's are in
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html>, Lambda's, which end with a
//! version, in <https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html>, KMS's in
//! <https://docs.aws.amazon.com/kms/latest/developerguide/understanding-kms-entries.html>, those of RDS and EFS, whose
//! members begin like the API's or with `dB`, in
//! <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/logging-using-cloudtrail.html> and
//! <https://docs.aws.amazon.com/efs/latest/ug/logging-using-cloudtrail.html>; IAM's are global and come from one Region:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html>. What a listed event lacks is looked
//! for in the next place; an event that names nothing is ignored, and the periodic reading sees what it did.

/// Events of one service that name one kind of thing in the same way.
pub(super) struct Row {
    /// `eventSource`, without `.amazonaws.com`.
    pub(super) source: &'static str,
    /// `eventName`, without a version.
    pub(super) events: &'static [&'static str],
    /// What is named.
    pub(super) kind: Kind,
    /// Where the name may stand: the first that is there counts.
    pub(super) at: &'static [&'static str],
}

/// What a name in an event is one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bucket,
    DirectoryBucket,
    AccessPoint,
    /// Nothing is named: it is the account.
    S3PublicAccessBlock,
    EbsSnapshotBlockPublicAccess,
    Identities,
    Organization,
    Role,
    Key,
    Function,
    /// A layer's name or ARN; the number stands in `versionNumber`.
    LayerVersion,
    /// The URL of a queue.
    Queue,
    Secret,
    /// A name or an ARN of a table, or the ARN of a stream.
    Table,
    Repository,
    FileSystem,
    Snapshot,
    DbSnapshot,
    DbClusterSnapshot,
    /// An ARN as it is.
    Arn,
}

const BUCKET: &[&str] = &["/requestParameters/bucketName"];
const KEY: &[&str] = &[
    "/requestParameters/keyId",
    "/requestParameters/targetKeyId",
    "/responseElements/keyMetadata/arn",
    "/responseElements/keyId",
    "/resources/0/ARN",
    "/resources/1/ARN",
];
const FUNCTION: &[&str] = &["/requestParameters/functionName", "/requestParameters/resource"];
const QUEUE: &[&str] = &["/requestParameters/queueUrl", "/responseElements/queueUrl"];
const TOPIC: &[&str] = &[
    "/requestParameters/topicArn",
    "/requestParameters/resourceArn",
    "/responseElements/topicArn",
];
const SECRET: &[&str] =
    &["/responseElements/aRN", "/responseElements/arn", "/requestParameters/secretId"];
const TABLE: &[&str] = &["/requestParameters/resourceArn", "/requestParameters/tableName"];
const REPOSITORY: &[&str] =
    &["/requestParameters/repositoryName", "/requestParameters/resourceArn"];
const FILE_SYSTEM: &[&str] = &[
    "/requestParameters/fileSystemId",
    "/requestParameters/resourceId",
    "/responseElements/fileSystemId",
];
const SNAPSHOT: &[&str] = &["/responseElements/snapshotId", "/requestParameters/snapshotId"];
const DB_SNAPSHOT: &[&str] = &[
    "/requestParameters/targetDBSnapshotIdentifier",
    "/requestParameters/dBSnapshotIdentifier",
    "/requestParameters/dbSnapshotIdentifier",
];
const DB_CLUSTER_SNAPSHOT: &[&str] = &[
    "/requestParameters/targetDBClusterSnapshotIdentifier",
    "/requestParameters/dBClusterSnapshotIdentifier",
    "/requestParameters/dbClusterSnapshotIdentifier",
];

/// Every event that counts.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    Row { source: "s3", kind: Kind::Bucket, at: BUCKET, events: &[
        "CreateBucket", "DeleteBucket", "PutBucketPolicy", "DeleteBucketPolicy", "PutBucketAcl",
        "PutBucketPublicAccessBlock", "DeleteBucketPublicAccessBlock", "PutBucketOwnershipControls",
        "DeleteBucketOwnershipControls", "PutBucketTagging", "DeleteBucketTagging", "PutBucketEncryption",
        "DeleteBucketEncryption", "PutBucketVersioning", "PutBucketLogging",
    ] },
    Row { source: "s3", kind: Kind::Bucket, at: &[
        "/requestParameters/bucket", "/requestParameters/CreateAccessPointRequest/Bucket", "/requestParameters/bucketName",
    ], events: &["CreateAccessPoint"] },
    Row { source: "s3", kind: Kind::AccessPoint, at: &["/requestParameters/name"], events: &[
        "DeleteAccessPoint", "PutAccessPointPolicy", "DeleteAccessPointPolicy",
    ] },
    Row { source: "s3", kind: Kind::Bucket, at: BUCKET, events: &["PutPublicAccessBlock", "DeletePublicAccessBlock"] },
    Row { source: "s3", kind: Kind::S3PublicAccessBlock, at: &[], events: &[
        "PutAccountPublicAccessBlock", "DeleteAccountPublicAccessBlock", "PutPublicAccessBlock", "DeletePublicAccessBlock",
    ] },
    Row { source: "s3express", kind: Kind::DirectoryBucket, at: BUCKET, events: &[
        "CreateBucket", "DeleteBucket", "PutBucketPolicy", "DeleteBucketPolicy",
    ] },
    Row { source: "iam", kind: Kind::Role, at: &["/requestParameters/roleName"], events: &[
        "CreateRole", "DeleteRole", "UpdateRole", "UpdateAssumeRolePolicy", "PutRolePolicy", "DeleteRolePolicy",
        "AttachRolePolicy", "DetachRolePolicy", "PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary",
        "TagRole", "UntagRole", "CreateServiceLinkedRole", "DeleteServiceLinkedRole",
    ] },
    Row { source: "iam", kind: Kind::Identities, at: &[], events: &[
        "CreateUser", "DeleteUser", "UpdateUser", "PutUserPolicy", "DeleteUserPolicy", "AttachUserPolicy",
        "DetachUserPolicy", "PutUserPermissionsBoundary", "DeleteUserPermissionsBoundary", "TagUser", "UntagUser",
        "CreateGroup", "DeleteGroup", "UpdateGroup", "PutGroupPolicy", "DeleteGroupPolicy", "AttachGroupPolicy",
        "DetachGroupPolicy", "AddUserToGroup", "RemoveUserFromGroup", "CreatePolicy", "DeletePolicy",
        "CreatePolicyVersion", "DeletePolicyVersion", "SetDefaultPolicyVersion",
    ] },
    Row { source: "kms", kind: Kind::Key, at: KEY, events: &[
        "CreateKey", "ReplicateKey", "PutKeyPolicy", "CreateGrant", "RetireGrant", "RevokeGrant", "ScheduleKeyDeletion",
        "CancelKeyDeletion", "DisableKey", "EnableKey", "CreateAlias", "UpdateAlias", "DeleteAlias", "TagResource",
        "UntagResource",
    ] },
    Row { source: "lambda", kind: Kind::Function, at: FUNCTION, events: &[
        "CreateFunction", "DeleteFunction", "UpdateFunctionConfiguration", "AddPermission", "RemovePermission",
        "CreateFunctionUrlConfig", "UpdateFunctionUrlConfig", "DeleteFunctionUrlConfig", "TagResource", "UntagResource",
    ] },
    Row { source: "lambda", kind: Kind::LayerVersion, at: &["/requestParameters/layerName"], events: &[
        "AddLayerVersionPermission", "RemoveLayerVersionPermission", "DeleteLayerVersion",
    ] },
    Row { source: "lambda", kind: Kind::Arn, at: &["/responseElements/layerVersionArn"], events: &["PublishLayerVersion"] },
    Row { source: "sqs", kind: Kind::Queue, at: QUEUE, events: &[
        "CreateQueue", "DeleteQueue", "SetQueueAttributes", "AddPermission", "RemovePermission", "TagQueue", "UntagQueue",
    ] },
    Row { source: "sns", kind: Kind::Arn, at: TOPIC, events: &[
        "CreateTopic", "DeleteTopic", "SetTopicAttributes", "AddPermission", "RemovePermission", "TagResource",
        "UntagResource",
    ] },
    Row { source: "secretsmanager", kind: Kind::Secret, at: SECRET, events: &[
        "CreateSecret", "DeleteSecret", "RestoreSecret", "UpdateSecret", "PutResourcePolicy", "DeleteResourcePolicy",
        "TagResource", "UntagResource",
    ] },
    Row { source: "dynamodb", kind: Kind::Table, at: TABLE, events: &[
        "CreateTable", "DeleteTable", "UpdateTable", "PutResourcePolicy", "DeleteResourcePolicy", "TagResource",
        "UntagResource",
    ] },
    Row { source: "ecr", kind: Kind::Repository, at: REPOSITORY, events: &[
        "CreateRepository", "DeleteRepository", "SetRepositoryPolicy", "DeleteRepositoryPolicy", "TagResource",
        "UntagResource",
    ] },
    Row { source: "elasticfilesystem", kind: Kind::FileSystem, at: FILE_SYSTEM, events: &[
        "CreateFileSystem", "DeleteFileSystem", "PutFileSystemPolicy", "DeleteFileSystemPolicy", "TagResource",
        "UntagResource",
    ] },
    Row { source: "ec2", kind: Kind::Snapshot, at: SNAPSHOT, events: &[
        "CreateSnapshot", "CopySnapshot", "DeleteSnapshot", "ModifySnapshotAttribute", "ResetSnapshotAttribute",
    ] },
    Row { source: "ec2", kind: Kind::Snapshot, at: &["/requestParameters/resourcesSet/items/0/resourceId"], events: &[
        "CreateTags", "DeleteTags",
    ] },
    Row { source: "ec2", kind: Kind::EbsSnapshotBlockPublicAccess, at: &[], events: &[
        "EnableSnapshotBlockPublicAccess", "DisableSnapshotBlockPublicAccess",
    ] },
    Row { source: "rds", kind: Kind::DbSnapshot, at: DB_SNAPSHOT, events: &[
        "CreateDBSnapshot", "CopyDBSnapshot", "DeleteDBSnapshot", "ModifyDBSnapshotAttribute",
    ] },
    Row { source: "rds", kind: Kind::DbClusterSnapshot, at: DB_CLUSTER_SNAPSHOT, events: &[
        "CreateDBClusterSnapshot", "CopyDBClusterSnapshot", "DeleteDBClusterSnapshot", "ModifyDBClusterSnapshotAttribute",
    ] },
    Row { source: "organizations", kind: Kind::Organization, at: &[], events: &[
        "AcceptHandshake", "AttachPolicy", "CloseAccount", "CreateOrganizationalUnit", "CreatePolicy",
        "DeleteOrganizationalUnit", "DeletePolicy", "DetachPolicy", "DisablePolicyType", "EnablePolicyType",
        "LeaveOrganization", "MoveAccount", "RemoveAccountFromOrganization", "UpdatePolicy",
    ] },
];
