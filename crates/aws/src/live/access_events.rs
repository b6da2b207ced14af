//! The calls that can change who reaches a resource, by CloudTrail's names of them.

/// What changes access to resources of a type.
#[derive(Debug)]
pub(super) struct AccessEvents {
    /// The CloudFormation type.
    resource_type: &'static str,
    /// The service, as CloudTrail names it.
    pub(super) source: &'static str,
    /// Its calls.
    pub(super) names: &'static [&'static str],
}

/// The calls that change access to resources of a type.
pub(super) fn access_events(resource_type: &str) -> Option<&'static AccessEvents> {
    ACCESS_EVENTS.iter().find(|events| events.resource_type == resource_type)
}

/// In the order of the types. Making a resource is giving it its first access.
const ACCESS_EVENTS: &[AccessEvents] = &[
    AccessEvents {
        resource_type: "AWS::DynamoDB::Stream",
        source: "dynamodb.amazonaws.com",
        names: &["PutResourcePolicy", "DeleteResourcePolicy"],
    },
    AccessEvents {
        resource_type: "AWS::DynamoDB::Table",
        source: "dynamodb.amazonaws.com",
        names: &["CreateTable", "PutResourcePolicy", "DeleteResourcePolicy"],
    },
    AccessEvents {
        resource_type: "AWS::EC2::Snapshot",
        source: "ec2.amazonaws.com",
        names: &["ModifySnapshotAttribute", "ResetSnapshotAttribute", "CreateSnapshot"],
    },
    AccessEvents {
        resource_type: "AWS::ECR::Repository",
        source: "ecr.amazonaws.com",
        names: &["SetRepositoryPolicy", "DeleteRepositoryPolicy", "CreateRepository"],
    },
    AccessEvents {
        resource_type: "AWS::EFS::FileSystem",
        source: "elasticfilesystem.amazonaws.com",
        names: &["PutFileSystemPolicy", "DeleteFileSystemPolicy", "CreateFileSystem"],
    },
    AccessEvents {
        resource_type: "AWS::IAM::Role",
        source: "iam.amazonaws.com",
        names: &["UpdateAssumeRolePolicy", "CreateRole"],
    },
    AccessEvents {
        resource_type: "AWS::KMS::Key",
        source: "kms.amazonaws.com",
        names: &["PutKeyPolicy", "CreateGrant", "RevokeGrant", "RetireGrant", "CreateKey"],
    },
    AccessEvents {
        resource_type: "AWS::Lambda::Function",
        source: "lambda.amazonaws.com",
        // Lambda's names carry the version of its API.
        names: &[
            "AddPermission20150331v2",
            "AddPermission20150331",
            "RemovePermission20150331v2",
            "RemovePermission20150331",
            "CreateFunctionUrlConfig",
            "UpdateFunctionUrlConfig",
            "CreateFunction20150331",
        ],
    },
    AccessEvents {
        resource_type: "AWS::Lambda::LayerVersion",
        source: "lambda.amazonaws.com",
        names: &[
            "AddLayerVersionPermission20181031",
            "RemoveLayerVersionPermission20181031",
            "PublishLayerVersion20181031",
        ],
    },
    AccessEvents {
        resource_type: "AWS::RDS::DBClusterSnapshot",
        source: "rds.amazonaws.com",
        names: &["ModifyDBClusterSnapshotAttribute", "CreateDBClusterSnapshot"],
    },
    AccessEvents {
        resource_type: "AWS::RDS::DBSnapshot",
        source: "rds.amazonaws.com",
        names: &["ModifyDBSnapshotAttribute", "CreateDBSnapshot"],
    },
    AccessEvents {
        resource_type: "AWS::S3::Bucket",
        source: "s3.amazonaws.com",
        names: &[
            "PutBucketPolicy",
            "DeleteBucketPolicy",
            "PutBucketAcl",
            "PutBucketPublicAccessBlock",
            "DeleteBucketPublicAccessBlock",
            "PutBucketOwnershipControls",
            "DeleteBucketOwnershipControls",
            "PutAccessPointPolicy",
            "DeleteAccessPointPolicy",
            "CreateAccessPoint",
            "CreateBucket",
        ],
    },
    AccessEvents {
        resource_type: "AWS::S3Express::DirectoryBucket",
        source: "s3express.amazonaws.com",
        names: &["PutBucketPolicy", "DeleteBucketPolicy", "CreateBucket"],
    },
    AccessEvents {
        resource_type: "AWS::SNS::Topic",
        source: "sns.amazonaws.com",
        names: &["SetTopicAttributes", "AddPermission", "RemovePermission", "CreateTopic"],
    },
    AccessEvents {
        resource_type: "AWS::SQS::Queue",
        source: "sqs.amazonaws.com",
        names: &["SetQueueAttributes", "AddPermission", "RemovePermission", "CreateQueue"],
    },
    AccessEvents {
        resource_type: "AWS::SecretsManager::Secret",
        source: "secretsmanager.amazonaws.com",
        names: &["PutResourcePolicy", "DeleteResourcePolicy", "CreateSecret"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::slots::SLOTS;

    #[test]
    fn every_type_with_slots_has_its_events() {
        let types = SLOTS.iter().flat_map(|unit| unit.resource_types);
        for resource_type in types {
            assert!(access_events(resource_type).is_some(), "{resource_type}");
        }
        assert!(ACCESS_EVENTS.is_sorted_by_key(|events| events.resource_type));
    }
}
