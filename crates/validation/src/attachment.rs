//! What the policy of a resource can be about, by what it is attached to.

use crate::document::catalogue;
use crate::policy_kind::{PolicyKind, ValidatePolicyResourceType};

/// The actions that such a policy can hold; nothing where that is not limited, or not known.
pub(crate) fn actions(kind: PolicyKind) -> Option<Vec<String>> {
    let resource_type = match kind {
        PolicyKind::RoleTrust => ValidatePolicyResourceType::RoleTrustPolicy,
        PolicyKind::Resource(resource_type) => resource_type?,
        PolicyKind::Identity | PolicyKind::ServiceControl | PolicyKind::ResourceControl => {
            return None;
        }
    };
    let actions = catalogue().resource_policy_actions(resource_type.as_str())?;
    Some(actions.iter().map(|held| held.action.to_string()).collect())
}

/// The forms of the ARNs that such a policy can be about.
pub(crate) fn arn_forms(resource_type: ValidatePolicyResourceType) -> &'static [&'static str] {
    match resource_type {
        ValidatePolicyResourceType::S3Bucket => &["arn:${Partition}:s3:::${BucketName}"],
        ValidatePolicyResourceType::S3AccessPoint => {
            &["arn:${Partition}:s3:${Region}:${Account}:accesspoint/${AccessPointName}"]
        }
        ValidatePolicyResourceType::S3MultiRegionAccessPoint => {
            &["arn:${Partition}:s3::${Account}:accesspoint/${AccessPointAlias}"]
        }
        ValidatePolicyResourceType::S3ObjectLambdaAccessPoint => &[
            "arn:${Partition}:s3-object-lambda:${Region}:${Account}:accesspoint/${AccessPointName}",
        ],
        ValidatePolicyResourceType::DynamoDbTable => {
            &["arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}"]
        }
        // A trust policy names no resource.
        ValidatePolicyResourceType::RoleTrustPolicy => &[],
    }
}
