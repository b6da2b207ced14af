//! What the policies of resources can hold; the pages are those that the tables cite.

use super::*;
use crate::catalogue::resource_policies::unknown_names;

fn held(cloudformation_type: &str) -> Vec<ResourcePolicyAction<'static>> {
    Catalogue::embedded().resource_policy_actions(cloudformation_type).unwrap()
}

fn held_names(cloudformation_type: &str) -> BTreeSet<String> {
    names(held(cloudformation_type).into_iter().map(|held| held.action))
}

/// On what an action acts and whether another account can use it, if the policy can hold it.
fn of(cloudformation_type: &str, name: &str) -> Option<(Vec<&'static str>, CrossAccount)> {
    let held = held(cloudformation_type);
    let held = held.iter().find(|held| held.action.to_string() == name)?;
    Some((held.resource_types.iter().map(|of| of.name()).collect(), held.cross_account))
}

#[test]
fn the_tables_name_what_the_catalogue_has() {
    assert_eq!(unknown_names(Catalogue::embedded()), Vec::<String>::new());
}

/// AccessCheckResourceType, ValidatePolicyResourceType and the ResourceType of external access findings.
#[test]
fn every_type_of_the_service_is_covered() {
    let known = Catalogue::embedded().resource_policy_types();
    for wanted in [
        "AWS::ApiGateway::RestApi",
        "AWS::Backup::BackupVault",
        "AWS::CloudTrail::Dashboard",
        "AWS::CloudTrail::EventDataStore",
        "AWS::CodeArtifact::Domain",
        "AWS::DynamoDB::Stream",
        "AWS::DynamoDB::Table",
        "AWS::EC2::Snapshot",
        "AWS::ECR::Repository",
        "AWS::EFS::FileSystem",
        "AWS::IAM::AssumeRolePolicyDocument",
        "AWS::IAM::Role",
        "AWS::KMS::Key",
        "AWS::Kinesis::Stream",
        "AWS::Kinesis::StreamConsumer",
        "AWS::Lambda::Function",
        "AWS::Lambda::LayerVersion",
        "AWS::OpenSearchService::Domain",
        "AWS::RDS::DBClusterSnapshot",
        "AWS::RDS::DBSnapshot",
        "AWS::S3::AccessPoint",
        "AWS::S3::Bucket",
        "AWS::S3::Glacier",
        "AWS::S3::MultiRegionAccessPoint",
        "AWS::S3Express::AccessPoint",
        "AWS::S3Express::DirectoryBucket",
        "AWS::S3ObjectLambda::AccessPoint",
        "AWS::S3Outposts::AccessPoint",
        "AWS::S3Outposts::Bucket",
        "AWS::S3Tables::Table",
        "AWS::S3Tables::TableBucket",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
        "AWS::SecretsManager::Secret",
    ] {
        assert!(known.contains(&wanted), "{wanted}");
        let held = held(wanted);
        assert!(
            !held.is_empty() && held.iter().all(|held| !held.resource_types.is_empty()),
            "{wanted}"
        );
        let source = Catalogue::embedded().resource_policy_source(wanted).unwrap();
        assert!(source.starts_with("https://docs.aws.amazon.com/"), "{wanted}");
    }
    let distinct: BTreeSet<_> = known.iter().collect();
    assert_eq!(distinct.len(), known.len());
    assert!(Catalogue::embedded().resource_policy_actions("AWS::EC2::Instance").is_none());
}

#[test]
fn buckets_and_what_is_in_them() {
    let on = |name| of("AWS::S3::Bucket", name).map(|(on, _)| on);
    assert_eq!(on("s3:ListBucket"), Some(vec!["bucket"]));
    assert_eq!(on("s3:GetObject"), Some(vec!["object"]));
    assert_eq!(on("s3:PutBucketPolicy"), Some(vec!["bucket"]));
    for none in [
        "s3:CreateBucket",
        "s3:ListAllMyBuckets",
        "s3:CreateAccessPoint",
        "s3:PutAccountPublicAccessBlock",
    ] {
        assert_eq!(on(none), None, "{none}");
    }
    for point in ["AWS::S3::AccessPoint", "AWS::S3::MultiRegionAccessPoint"] {
        assert_eq!(of(point, "s3:GetObject").unwrap().0, ["accesspointobject"]);
        assert_eq!(of(point, "s3:ListBucket").unwrap().0, ["accesspoint"]);
        assert_eq!(of(point, "s3:DeleteBucket"), None);
    }
}

#[test]
fn trust_policies() {
    let expected = [
        "sts:AssumeRole",
        "sts:AssumeRoleWithSAML",
        "sts:AssumeRoleWithWebIdentity",
        "sts:SetContext",
        "sts:SetSourceIdentity",
        "sts:TagSession",
    ];
    assert_eq!(held_names("AWS::IAM::Role"), expected.map(str::to_owned).into());
    assert_eq!(held_names("AWS::IAM::AssumeRolePolicyDocument"), held_names("AWS::IAM::Role"));
}

#[test]
fn key_policies() {
    assert_eq!(of("AWS::KMS::Key", "kms:Decrypt").unwrap().1, CrossAccount::Supported);
    assert_eq!(of("AWS::KMS::Key", "kms:PutKeyPolicy").unwrap().1, CrossAccount::NotSupported);
    for none in ["kms:CreateKey", "kms:ListKeys", "kms:GenerateRandom", "kms:CreateCustomKeyStore"]
    {
        assert_eq!(of("AWS::KMS::Key", none), None, "{none}");
    }
}

#[test]
fn functions_and_layers() {
    let function = |name| of("AWS::Lambda::Function", name).map(|(_, cross_account)| cross_account);
    assert_eq!(function("lambda:InvokeFunction"), Some(CrossAccount::Supported));
    assert_eq!(function("lambda:UpdateFunctionCode"), Some(CrossAccount::Supported));
    assert_eq!(function("lambda:AddPermission"), Some(CrossAccount::NotSupported));
    assert_eq!(function("lambda:ListFunctions"), None);
    assert_eq!(
        held_names("AWS::Lambda::LayerVersion"),
        ["lambda:GetLayerVersion".to_owned()].into()
    );
}

#[test]
fn queues_and_topics() {
    let queue = |name| of("AWS::SQS::Queue", name).map(|(_, cross_account)| cross_account);
    assert_eq!(queue("sqs:SendMessage"), Some(CrossAccount::Supported));
    assert_eq!(queue("sqs:DeleteQueue"), Some(CrossAccount::NotSupported));
    assert_eq!(queue("sqs:ListQueues"), None);
    assert_eq!(held("AWS::SNS::Topic").len(), 11);
    assert!(of("AWS::SNS::Topic", "sns:Publish").is_some());
    assert!(of("AWS::SNS::Topic", "sns:CreateTopic").is_none());
}

#[test]
fn tables_and_streams() {
    let table = |name| of("AWS::DynamoDB::Table", name);
    assert_eq!(table("dynamodb:GetItem"), Some((vec!["table"], CrossAccount::Supported)));
    assert_eq!(table("dynamodb:Query"), Some((vec!["index", "table"], CrossAccount::Supported)));
    assert_eq!(table("dynamodb:PartiQLSelect").unwrap().1, CrossAccount::NotSupported);
    assert_eq!(table("dynamodb:UpdateTimeToLive").unwrap().1, CrossAccount::NotSupported);
    assert_eq!(table("dynamodb:CreateTable"), None);
    assert_eq!(table("dynamodb:GetRecords"), None);
    let stream = of("AWS::DynamoDB::Stream", "dynamodb:GetRecords");
    assert_eq!(stream, Some((vec!["stream"], CrossAccount::Supported)));
}

#[test]
fn other_policies() {
    assert!(of("AWS::EFS::FileSystem", "elasticfilesystem:ClientMount").is_some());
    assert!(of("AWS::EFS::FileSystem", "elasticfilesystem:ClientRootAccess").is_some());
    assert!(of("AWS::ECR::Repository", "ecr:BatchGetImage").is_some());
    assert!(of("AWS::ECR::Repository", "ecr:GetAuthorizationToken").is_none());
    assert!(of("AWS::SecretsManager::Secret", "secretsmanager:GetSecretValue").is_some());
    assert!(of("AWS::SecretsManager::Secret", "secretsmanager:ListSecrets").is_none());
    assert!(of("AWS::ApiGateway::RestApi", "execute-api:Invoke").is_some());
    assert_eq!(
        of("AWS::CodeArtifact::Domain", "codeartifact:CreateRepository").unwrap().0,
        ["domain"]
    );
    let session = of("AWS::S3Express::DirectoryBucket", "s3express:CreateSession");
    assert_eq!(session, Some((vec!["bucket"], CrossAccount::Supported)));
    let vault = |name| of("AWS::Backup::BackupVault", name).unwrap().1;
    assert_eq!(vault("backup:CopyIntoBackupVault"), CrossAccount::Supported);
    assert_eq!(vault("backup:DeleteRecoveryPoint"), CrossAccount::NotSupported);
    let snapshot = ["ec2:CopySnapshot".to_owned(), "ec2:CreateVolume".to_owned()];
    assert_eq!(held_names("AWS::EC2::Snapshot"), snapshot.into());
    assert!(of("AWS::RDS::DBSnapshot", "rds:RestoreDBInstanceFromDBSnapshot").is_some());
    assert!(of("AWS::RDS::DBClusterSnapshot", "rds:RestoreDBClusterFromSnapshot").is_some());
}
