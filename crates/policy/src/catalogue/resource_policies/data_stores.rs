//! Tables, streams, domains, dashboards, and snapshots of databases and volumes.

use super::{CrossAccountActions, Holds, ResourcePolicy};

const DYNAMODB: &str =
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-iam-actions.html";
const KINESIS: &str = "https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html";
const CLOUDTRAIL: &str = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/security_iam_resource-based-policy-examples.html";

pub(super) const RESOURCE_POLICIES: &[ResourcePolicy] = &[
    ResourcePolicy {
        cloudformation_types: &["AWS::DynamoDB::Table"],
        service: "dynamodb",
        covers: &["table", "index"],
        holds: Holds::OnCoveredExcept(&[
            "CreateGlobalTable",
            "CreateTable",
            "ImportTable",
            "ListExports",
            "ListImports",
            "RestoreTableFromBackup",
            "UpdateGlobalTable",
            "UpdateGlobalTableSettings",
        ]),
        // AWS lists operations. A transaction's are checked as those of its items and `ConditionCheckItem`, a PartiQL
        // statement's as `PartiQL...`.
        cross_account: CrossAccountActions::Listed {
            supported: &[
                "BatchGetItem",
                "BatchWriteItem",
                "ConditionCheckItem",
                "DeleteItem",
                "DeleteTable",
                "DescribeTable",
                "GetItem",
                "ListTagsOfResource",
                "PutItem",
                "Query",
                "Scan",
                "TagResource",
                "UntagResource",
                "UpdateItem",
                "UpdateTable",
            ],
            not_supported: &[
                "CreateBackup",
                "DeleteResourcePolicy",
                "DescribeContinuousBackups",
                "DescribeContributorInsights",
                "DescribeKinesisStreamingDestination",
                "DescribeTableReplicaAutoScaling",
                "DescribeTimeToLive",
                "DisableKinesisStreamingDestination",
                "EnableKinesisStreamingDestination",
                "ExportTableToPointInTime",
                "GetResourcePolicy",
                "PartiQLDelete",
                "PartiQLInsert",
                "PartiQLSelect",
                "PartiQLUpdate",
                "PutResourcePolicy",
                "RestoreTableToPointInTime",
                "UpdateContinuousBackups",
                "UpdateContributorInsights",
                "UpdateKinesisStreamingDestination",
                "UpdateTableReplicaAutoScaling",
                "UpdateTimeToLive",
            ],
        },
        source: DYNAMODB,
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::DynamoDB::Stream"],
        service: "dynamodb",
        covers: &["stream"],
        holds: Holds::OnCovered,
        cross_account: CrossAccountActions::Listed {
            supported: &["DescribeStream", "GetRecords", "GetShardIterator"],
            not_supported: &["DeleteResourcePolicy", "GetResourcePolicy", "PutResourcePolicy"],
        },
        source: DYNAMODB,
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::Kinesis::Stream"],
        service: "kinesis",
        covers: &["stream"],
        holds: Holds::OnCoveredExcept(&["CreateStream"]),
        cross_account: CrossAccountActions::NotDocumented,
        source: KINESIS,
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::Kinesis::StreamConsumer"],
        service: "kinesis",
        covers: &["consumer"],
        holds: Holds::OnCovered,
        cross_account: CrossAccountActions::NotDocumented,
        source: KINESIS,
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::OpenSearchService::Domain"],
        service: "es",
        covers: &["domain"],
        holds: Holds::OnCoveredExcept(&["CreateDomain", "CreateElasticsearchDomain"]),
        cross_account: CrossAccountActions::NotDocumented,
        source: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html",
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::CloudTrail::Dashboard"],
        service: "cloudtrail",
        covers: &["dashboard"],
        holds: Holds::OnCoveredExcept(&["CreateDashboard"]),
        cross_account: CrossAccountActions::NotDocumented,
        source: CLOUDTRAIL,
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::CloudTrail::EventDataStore"],
        service: "cloudtrail",
        covers: &["eventdatastore"],
        holds: Holds::OnCoveredExcept(&["CreateEventDataStore"]),
        cross_account: CrossAccountActions::NotDocumented,
        source: CLOUDTRAIL,
    },
    // Snapshots have no policy. The account that one is shared with can restore and copy it.
    ResourcePolicy {
        cloudformation_types: &["AWS::EC2::Snapshot"],
        service: "ec2",
        covers: &["snapshot"],
        holds: Holds::Only(&["CopySnapshot", "CreateVolume"]),
        cross_account: CrossAccountActions::Every,
        source: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html",
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::RDS::DBSnapshot"],
        service: "rds",
        covers: &["snapshot"],
        holds: Holds::Only(&["CopyDBSnapshot", "RestoreDBInstanceFromDBSnapshot"]),
        cross_account: CrossAccountActions::Every,
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html",
    },
    ResourcePolicy {
        cloudformation_types: &["AWS::RDS::DBClusterSnapshot"],
        service: "rds",
        covers: &["cluster-snapshot"],
        holds: Holds::Only(&["CopyDBClusterSnapshot", "RestoreDBClusterFromSnapshot"]),
        cross_account: CrossAccountActions::Every,
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-share-snapshot.html",
    },
];
