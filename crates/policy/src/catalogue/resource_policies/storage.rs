//! Buckets, access points, tables in buckets, vaults and file systems.

use super::{CrossAccountActions, Holds, ResourcePolicy};

const BUCKETS: &str =
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html";
const DIRECTORY_BUCKETS: &str =
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-security-iam.html";
const OUTPOSTS: &str = "https://docs.aws.amazon.com/AmazonS3/latest/s3-outposts/S3OutpostsIAM.html";
const TABLES: &str =
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-resource-based-policies.html";

pub(super) const RESOURCE_POLICIES: &[ResourcePolicy] = &[
    ResourcePolicy {
        cloudformation_types: &["AWS::S3::Bucket"],
        service: "s3",
        covers: &["bucket", "object"],
        holds: Holds::OnCoveredExcept(&["CreateBucket"]),
        cross_account: CrossAccountActions::NotDocumented,
        source: BUCKETS,
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::S3::AccessPoint"],
        service: "s3",
        covers: &["accesspoint", "accesspointobject"],
        holds: Holds::OnCoveredExcept(&["CreateAccessPoint"]),
        cross_account: CrossAccountActions::NotDocumented,
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html",
    },
    // Requests go through it as through an access point, and its policy has the same form; what manages the
    // multi-Region access point itself is a different resource type with the same ARN.
    ResourcePolicy {
        cloudformation_types: &["AWS::S3::MultiRegionAccessPoint"],
        service: "s3",
        covers: &["multiregionaccesspoint", "accesspoint", "accesspointobject"],
        holds: Holds::OnCoveredExcept(&[
            "CreateAccessPoint",
            "CreateMultiRegionAccessPoint",
            "DeleteAccessPoint",
            "DeleteAccessPointPolicy",
            "GetAccessPointPolicy",
            "GetAccessPointPolicyStatus",
            "PutAccessPointPolicy",
        ]),
        cross_account: CrossAccountActions::NotDocumented,
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointPermissions.html",
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::S3ObjectLambda::AccessPoint"],
        service: "s3-object-lambda",
        covers: &["objectlambdaaccesspoint"],
        holds: Holds::OnCovered,
        cross_account: CrossAccountActions::NotDocumented,
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/olap-policies.html",
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::S3Express::DirectoryBucket"],
        service: "s3express",
        covers: &["bucket"],
        holds: Holds::OnCoveredExcept(&["CreateBucket"]),
        // Each operation of the Regional endpoint is for the owner's account only, says its page, for example
        // <https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html>.
        cross_account: CrossAccountActions::Listed {
            supported: &["CreateSession"],
            not_supported: &[
                "DeleteBucket",
                "DeleteBucketPolicy",
                "GetBucketPolicy",
                "GetEncryptionConfiguration",
                "GetLifecycleConfiguration",
                "PutBucketPolicy",
                "PutEncryptionConfiguration",
                "PutLifecycleConfiguration",
            ],
        },
        source: DIRECTORY_BUCKETS,
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::S3Express::AccessPoint"],
        service: "s3express",
        covers: &["accesspoint"],
        holds: Holds::OnCoveredExcept(&["CreateAccessPoint"]),
        cross_account: CrossAccountActions::Listed {
            supported: &["CreateSession"],
            not_supported: &[],
        },
        source: DIRECTORY_BUCKETS,
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::S3Outposts::Bucket"],
        service: "s3-outposts",
        covers: &["bucket", "object"],
        holds: Holds::OnCoveredExcept(&["CreateBucket"]),
        cross_account: CrossAccountActions::NotDocumented,
        source: OUTPOSTS,
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::S3Outposts::AccessPoint"],
        service: "s3-outposts",
        covers: &["accesspoint", "object"],
        holds: Holds::OnCoveredExcept(&["CreateAccessPoint"]),
        cross_account: CrossAccountActions::NotDocumented,
        source: OUTPOSTS,
    },
    // The policy of a table bucket can also speak of the tables in it.
    ResourcePolicy {
        cloudformation_types: &["AWS::S3Tables::TableBucket"],
        service: "s3tables",
        covers: &["TableBucket", "Table"],
        holds: Holds::OnCoveredExcept(&["CreateTableBucket"]),
        cross_account: CrossAccountActions::NotDocumented,
        source: TABLES,
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::S3Tables::Table"],
        service: "s3tables",
        covers: &["Table"],
        holds: Holds::OnCovered,
        cross_account: CrossAccountActions::NotDocumented,
        source: TABLES,
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::S3::Glacier"],
        service: "glacier",
        covers: &["vault"],
        holds: Holds::OnCoveredExcept(&["CreateVault"]),
        cross_account: CrossAccountActions::NotDocumented,
        source: "https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-access-policy.html",
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::EFS::FileSystem"],
        service: "elasticfilesystem",
        covers: &["file-system"],
        // What NFS clients need is `Client...`; replication to another account names others in such policies.
        holds: Holds::OnCovered,
        cross_account: CrossAccountActions::NotDocumented,
        source: "https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html",
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::Backup::BackupVault"],
        service: "backup",
        covers: &["backupVault", "recoveryPoint"],
        holds: Holds::OnCoveredExcept(&[
            "CreateBackupVault",
            "CreateLogicallyAirGappedBackupVault",
            "CreateRestoreAccessBackupVault",
        ]),
        cross_account: CrossAccountActions::Only(&["CopyIntoBackupVault"]),
        source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html",
    },
];
