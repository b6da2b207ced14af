//! The calls that give tags to resources or take them away, by CloudTrail's names of them.

/// What changes the tags of resources of a type.
#[derive(Debug)]
pub(super) struct TagEvents {
    /// The CloudFormation type.
    resource_type: &'static str,
    /// The service, as CloudTrail names it.
    pub(super) source: &'static str,
    /// Calls that make a resource, with tags or without: before them it had none.
    pub(super) make: &'static [&'static str],
    /// Calls that add tags.
    pub(super) set: &'static [&'static str],
    /// Calls that take tags away.
    pub(super) remove: &'static [&'static str],
    /// Calls after which the resource has the tags that they name and no others.
    pub(super) replace: &'static [&'static str],
}

impl TagEvents {
    /// All of them.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.make, self.set, self.remove, self.replace].into_iter().flatten().copied()
    }
}

/// The calls that change the tags of resources of a type; nothing for what has none.
pub(super) fn tag_events(resource_type: &str) -> Option<&'static TagEvents> {
    TAG_EVENTS.iter().find(|events| events.resource_type == resource_type)
}

const TAG: &[&str] = &["TagResource"];
const UNTAG: &[&str] = &["UntagResource"];

/// In the order of the types.
const TAG_EVENTS: &[TagEvents] = &[
    TagEvents {
        resource_type: "AWS::DynamoDB::Table",
        source: "dynamodb.amazonaws.com",
        make: &["CreateTable"],
        set: TAG,
        remove: UNTAG,
        replace: &[],
    },
    TagEvents {
        resource_type: "AWS::EC2::Snapshot",
        source: "ec2.amazonaws.com",
        make: &["CreateSnapshot", "CreateSnapshots", "CopySnapshot"],
        set: &["CreateTags"],
        remove: &["DeleteTags"],
        replace: &[],
    },
    TagEvents {
        resource_type: "AWS::ECR::Repository",
        source: "ecr.amazonaws.com",
        make: &["CreateRepository"],
        set: TAG,
        remove: UNTAG,
        replace: &[],
    },
    TagEvents {
        resource_type: "AWS::EFS::FileSystem",
        source: "elasticfilesystem.amazonaws.com",
        make: &["CreateFileSystem"],
        set: &["TagResource", "CreateTags"],
        remove: &["UntagResource", "DeleteTags"],
        replace: &[],
    },
    TagEvents {
        resource_type: "AWS::IAM::Role",
        source: "iam.amazonaws.com",
        make: &["CreateRole"],
        set: &["TagRole"],
        remove: &["UntagRole"],
        replace: &[],
    },
    TagEvents {
        resource_type: "AWS::KMS::Key",
        source: "kms.amazonaws.com",
        make: &["CreateKey", "ReplicateKey"],
        set: TAG,
        remove: UNTAG,
        replace: &[],
    },
    TagEvents {
        resource_type: "AWS::Lambda::Function",
        source: "lambda.amazonaws.com",
        // Lambda's names carry the version of its API.
        make: &["CreateFunction20150331"],
        set: &["TagResource20170331v2", "TagResource20170331"],
        remove: &["UntagResource20170331v2", "UntagResource20170331"],
        replace: &[],
    },
    TagEvents {
        resource_type: "AWS::RDS::DBClusterSnapshot",
        source: "rds.amazonaws.com",
        make: &["CreateDBClusterSnapshot", "CopyDBClusterSnapshot"],
        set: &["AddTagsToResource"],
        remove: &["RemoveTagsFromResource"],
        replace: &[],
    },
    TagEvents {
        resource_type: "AWS::RDS::DBSnapshot",
        source: "rds.amazonaws.com",
        make: &["CreateDBSnapshot", "CopyDBSnapshot"],
        set: &["AddTagsToResource"],
        remove: &["RemoveTagsFromResource"],
        replace: &[],
    },
    TagEvents {
        resource_type: "AWS::S3::Bucket",
        source: "s3.amazonaws.com",
        make: &["CreateBucket"],
        set: TAG,
        remove: UNTAG,
        replace: &["PutBucketTagging", "DeleteBucketTagging"],
    },
    TagEvents {
        resource_type: "AWS::S3Express::DirectoryBucket",
        source: "s3express.amazonaws.com",
        make: &["CreateBucket"],
        set: TAG,
        remove: UNTAG,
        replace: &[],
    },
    TagEvents {
        resource_type: "AWS::SNS::Topic",
        source: "sns.amazonaws.com",
        make: &["CreateTopic"],
        set: TAG,
        remove: UNTAG,
        replace: &[],
    },
    TagEvents {
        resource_type: "AWS::SQS::Queue",
        source: "sqs.amazonaws.com",
        make: &["CreateQueue"],
        set: &["TagQueue"],
        remove: &["UntagQueue"],
        replace: &[],
    },
    TagEvents {
        resource_type: "AWS::SecretsManager::Secret",
        source: "secretsmanager.amazonaws.com",
        make: &["CreateSecret", "ReplicateSecretToRegions"],
        set: TAG,
        remove: UNTAG,
        replace: &[],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::slots::SLOTS;

    #[test]
    fn every_type_with_slots_has_its_events_unless_it_has_no_tags() {
        let types = SLOTS.iter().flat_map(|unit| unit.resource_types);
        for resource_type in types {
            let has_none = ["AWS::DynamoDB::Stream", "AWS::Lambda::LayerVersion"];
            let has_events = tag_events(resource_type).is_some();
            assert_eq!(has_events, !has_none.contains(resource_type), "{resource_type}");
        }
        assert!(TAG_EVENTS.is_sorted_by_key(|events| events.resource_type));
    }
}
