//! The types of resources that random environments have.

use ringfence_access::inventory::{
    Configuration, DynamodbTable, IamRole, KmsKey, PolicySource, S3Bucket, SqsQueue,
};

/// A type of resource with what policies and requests say of it.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) arn: &'static str,
    pub(crate) asked: [&'static str; 2],
    pub(crate) actions: [&'static str; 3],
    pub(crate) patterns: [&'static str; 2],
    pub(crate) resources: [&'static str; 3],
    pub(crate) configuration: fn(PolicySource) -> Configuration,
}

pub(crate) const KINDS: [Kind; 5] = [
    Kind {
        arn: "arn:aws:s3:::reports",
        asked: ["arn:aws:s3:::reports/a", "arn:aws:s3:::reports/alice/b"],
        actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        patterns: ["s3:*", "s3:Get*"],
        resources: [
            "arn:aws:s3:::reports/*",
            "arn:aws:s3:::reports/${aws:username}/*",
            "arn:aws:s3:::other/*",
        ],
        configuration: |policy| {
            let bucket = S3Bucket { bucket_policy: Some(policy), ..S3Bucket::default() };
            Configuration::S3Bucket(Box::new(bucket))
        },
    },
    Kind {
        arn: "arn:aws:iam::111122223333:role/app",
        asked: ["arn:aws:iam::111122223333:role/app"; 2],
        actions: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        patterns: ["sts:*", "sts:Assume*"],
        resources: [
            "arn:aws:iam::*:role/app",
            "arn:aws:iam::111122223333:role/*",
            "arn:aws:s3:::x",
        ],
        configuration: |trust_policy| Configuration::IamRole(IamRole { trust_policy }),
    },
    Kind {
        arn: "arn:aws:kms:eu-west-1:111122223333:key/1",
        asked: ["arn:aws:kms:eu-west-1:111122223333:key/1"; 2],
        actions: ["kms:Decrypt", "kms:Encrypt", "kms:RetireGrant"],
        patterns: ["kms:*", "kms:De*"],
        resources: ["arn:aws:kms:*:111122223333:key/*", "arn:aws:kms:*:*:alias/*", "*"],
        configuration: |policy| {
            let key = KmsKey { key_policy: Some(policy), ..KmsKey::default() };
            Configuration::KmsKey(Box::new(key))
        },
    },
    Kind {
        arn: "arn:aws:sqs:eu-west-1:111122223333:orders",
        asked: ["arn:aws:sqs:eu-west-1:111122223333:orders"; 2],
        actions: ["sqs:ReceiveMessage", "sqs:SendMessage", "sqs:DeleteQueue"],
        patterns: ["sqs:*", "sqs:Send*"],
        resources: [
            "arn:aws:sqs:*:111122223333:orders",
            "arn:aws:sqs:*:*:ord*",
            "arn:aws:sqs:eu-west-1:111122223333:refunds",
        ],
        configuration: |policy| Configuration::SqsQueue(SqsQueue { queue_policy: Some(policy) }),
    },
    Kind {
        arn: "arn:aws:dynamodb:eu-west-1:111122223333:table/t",
        asked: [
            "arn:aws:dynamodb:eu-west-1:111122223333:table/t",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/t/index/i",
        ],
        actions: ["dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQLSelect"],
        patterns: ["dynamodb:*", "dynamodb:Q*"],
        resources: [
            "arn:aws:dynamodb:*:*:table/t",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/${aws:PrincipalTag/team}*",
            "arn:aws:dynamodb:*:*:table/t/index/*",
        ],
        configuration: |policy| {
            Configuration::DynamodbTable(DynamodbTable { table_policy: Some(policy) })
        },
    },
];
