//! One resource by its ARN: which unit reads it.

use super::resource_types::RESOURCE_TYPES;
use super::unit::Unit;
use crate::failure::{Cause, Failure};

/// The services and beginnings of the resource part that the ARNs of each type have.
const TYPES: [(&str, &str, &str); 15] = [
    ("s3", "", "AWS::S3::Bucket"),
    ("s3express", "bucket/", "AWS::S3Express::DirectoryBucket"),
    ("kms", "key/", "AWS::KMS::Key"),
    ("lambda", "function:", "AWS::Lambda::Function"),
    ("lambda", "layer:", "AWS::Lambda::LayerVersion"),
    ("sqs", "", "AWS::SQS::Queue"),
    ("sns", "", "AWS::SNS::Topic"),
    ("secretsmanager", "secret:", "AWS::SecretsManager::Secret"),
    ("dynamodb", "table/", "AWS::DynamoDB::Table"),
    ("ecr", "repository/", "AWS::ECR::Repository"),
    ("elasticfilesystem", "file-system/", "AWS::EFS::FileSystem"),
    ("ec2", "snapshot/", "AWS::EC2::Snapshot"),
    ("rds", "snapshot:", "AWS::RDS::DBSnapshot"),
    ("rds", "cluster-snapshot:", "AWS::RDS::DBClusterSnapshot"),
    ("iam", "role/", "AWS::IAM::Role"),
];

/// What reading one resource by itself takes that reading everything does not.
pub(super) const ACTIONS: &[&str] = &[
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "lambda:GetFunctionConfiguration",
];

/// The type of a resource, by its ARN.
pub(super) fn type_of(arn: &str) -> Option<&'static str> {
    let mut parts = arn.splitn(6, ':').skip(2);
    let (service, resource) = (parts.next()?, parts.nth(2)?);
    if service == "dynamodb" && resource.contains("/stream/") {
        return Some("AWS::DynamoDB::Stream");
    }
    let found = TYPES.iter().find(|(own, beginning, _)| {
        *own == service && resource.starts_with(beginning) && resource.len() > beginning.len()
    });
    found.map(|(_, _, name)| *name)
}

/// The unit that reads resources of this type.
pub(super) fn unit(resource_type: &str) -> Option<&'static Unit> {
    RESOURCE_TYPES.iter().find(|unit| unit.resource_type == Some(resource_type))
}

/// The Region in an ARN, where it has one.
pub(super) fn region_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(3).filter(|region| !region.is_empty())
}

/// What stands behind `beginning` in the resource part of an ARN.
pub(super) fn last_part(arn: &str, beginning: &str) -> String {
    let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
    resource.strip_prefix(beginning).unwrap_or(resource).to_owned()
}

/// What was asked about is not among what a listing gives.
pub(super) fn not_listed(action: &str) -> Failure {
    Failure::new(action, Cause::NotFound, "it is not listed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_say_what_is_read_how() {
        for (arn, name) in [
            ("arn:aws:s3:::data", Some("AWS::S3::Bucket")),
            ("arn:aws:dynamodb:eu-west-1:1:table/a/stream/2026", Some("AWS::DynamoDB::Stream")),
            ("arn:aws:dynamodb:eu-west-1:1:table/a", Some("AWS::DynamoDB::Table")),
            ("arn:aws:rds:eu-west-1:1:cluster-snapshot:a", Some("AWS::RDS::DBClusterSnapshot")),
            ("arn:aws:lambda:eu-west-1:1:layer:a:3", Some("AWS::Lambda::LayerVersion")),
            ("arn:aws:kms:eu-west-1:1:alias/a", None),
            ("arn:aws:s3:::", None),
            ("nonsense", None),
        ] {
            assert_eq!(type_of(arn), name, "{arn}");
        }
        for own in RESOURCE_TYPES {
            assert!(own.read_one.is_some(), "{:?} cannot be read one by one", own.resource_type);
        }
        assert_eq!(last_part("arn:aws:kms:eu-west-1:1:key/ab-1", "key/"), "ab-1");
    }
}
