//! The resource types, how often they come, and what their policies are about.

use super::random::Random;

/// A resource type that has files of its own.
pub(super) struct ResourceKind {
    /// CloudFormation's name.
    pub(super) name: &'static str,
    /// How many of a thousand resources are of it.
    share: usize,
    /// How many of a thousand of them have a policy.
    pub(super) with_policy: usize,
    /// Actions that its policies allow.
    pub(super) actions: &'static [&'static str],
    /// Services that its policies let in.
    pub(super) services: &'static [&'static str],
}

/// What a resource turns out to be.
pub(super) enum Drawn {
    /// A role, which stands in the authorization details of its account.
    Role,
    /// A resource with a file of its own.
    InFile(&'static ResourceKind),
}

/// The type of the next resource: what the shares leave over are roles, about one in four.
pub(super) fn draw(random: &mut Random) -> Drawn {
    let mut place = random.below(1000);
    for kind in KINDS {
        if place < kind.share {
            return Drawn::InFile(kind);
        }
        place -= kind.share;
    }
    Drawn::Role
}

const KINDS: &[ResourceKind] = &[
    ResourceKind {
        name: "AWS::Lambda::Function",
        share: 170,
        with_policy: 650,
        actions: &["lambda:InvokeFunction", "lambda:GetFunction", "lambda:InvokeFunctionUrl"],
        services: &[
            "apigateway.amazonaws.com",
            "events.amazonaws.com",
            "s3.amazonaws.com",
            "sns.amazonaws.com",
        ],
    },
    ResourceKind {
        name: "AWS::S3::Bucket",
        share: 120,
        with_policy: 850,
        actions: &[
            "s3:GetObject",
            "s3:ListBucket",
            "s3:PutObject",
            "s3:DeleteObject",
            "s3:GetBucketLocation",
        ],
        services: &[
            "cloudtrail.amazonaws.com",
            "logging.s3.amazonaws.com",
            "delivery.logs.amazonaws.com",
        ],
    },
    ResourceKind {
        name: "AWS::SQS::Queue",
        share: 100,
        with_policy: 700,
        actions: &[
            "sqs:SendMessage",
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
        ],
        services: &["sns.amazonaws.com", "events.amazonaws.com", "s3.amazonaws.com"],
    },
    ResourceKind {
        name: "AWS::SNS::Topic",
        share: 60,
        with_policy: 950,
        actions: &[
            "sns:Publish",
            "sns:Subscribe",
            "sns:GetTopicAttributes",
            "sns:ListSubscriptionsByTopic",
        ],
        services: &["cloudwatch.amazonaws.com", "events.amazonaws.com", "s3.amazonaws.com"],
    },
    ResourceKind {
        name: "AWS::KMS::Key",
        share: 70,
        with_policy: 1000,
        actions: &[
            "kms:Decrypt",
            "kms:Encrypt",
            "kms:GenerateDataKey*",
            "kms:DescribeKey",
            "kms:ReEncrypt*",
        ],
        services: &["logs.amazonaws.com", "sns.amazonaws.com", "cloudtrail.amazonaws.com"],
    },
    ResourceKind {
        name: "AWS::SecretsManager::Secret",
        share: 70,
        with_policy: 400,
        actions: &[
            "secretsmanager:GetSecretValue",
            "secretsmanager:DescribeSecret",
            "secretsmanager:PutSecretValue",
        ],
        services: &["rds.amazonaws.com"],
    },
    ResourceKind {
        name: "AWS::EC2::Snapshot",
        share: 50,
        with_policy: 0,
        actions: &[],
        services: &[],
    },
    ResourceKind {
        name: "AWS::ECR::Repository",
        share: 35,
        with_policy: 500,
        actions: &[
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
            "ecr:BatchCheckLayerAvailability",
            "ecr:PutImage",
        ],
        services: &["lambda.amazonaws.com", "codebuild.amazonaws.com"],
    },
    ResourceKind {
        name: "AWS::DynamoDB::Table",
        share: 25,
        with_policy: 250,
        actions: &[
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:Scan",
            "dynamodb:BatchGetItem",
        ],
        services: &["redshift.amazonaws.com"],
    },
    ResourceKind {
        name: "AWS::RDS::DBSnapshot",
        share: 20,
        with_policy: 0,
        actions: &[],
        services: &[],
    },
    ResourceKind {
        name: "AWS::RDS::DBClusterSnapshot",
        share: 12,
        with_policy: 0,
        actions: &[],
        services: &[],
    },
    ResourceKind {
        name: "AWS::Lambda::LayerVersion",
        share: 12,
        with_policy: 500,
        actions: &["lambda:GetLayerVersion"],
        services: &[],
    },
    ResourceKind {
        name: "AWS::EFS::FileSystem",
        share: 8,
        with_policy: 700,
        actions: &[
            "elasticfilesystem:ClientMount",
            "elasticfilesystem:ClientWrite",
            "elasticfilesystem:ClientRootAccess",
        ],
        services: &["backup.amazonaws.com"],
    },
    ResourceKind {
        name: "AWS::DynamoDB::Stream",
        share: 5,
        with_policy: 250,
        actions: &["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"],
        services: &["lambda.amazonaws.com"],
    },
    ResourceKind {
        name: "AWS::S3Express::DirectoryBucket",
        share: 3,
        with_policy: 800,
        actions: &["s3express:CreateSession"],
        services: &["logging.s3.amazonaws.com"],
    },
];
