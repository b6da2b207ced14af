//! What kind of policy is validated: its type, and what it will be attached to.

use ringfence_policy::PolicyType;

/// `ValidatePolicyResourceType`: what a resource policy will be attached to.
///
/// <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValidatePolicyResourceType {
    /// `AWS::S3::Bucket`
    S3Bucket,
    /// `AWS::S3::AccessPoint`
    S3AccessPoint,
    /// `AWS::S3::MultiRegionAccessPoint`
    S3MultiRegionAccessPoint,
    /// `AWS::S3ObjectLambda::AccessPoint`
    S3ObjectLambdaAccessPoint,
    /// `AWS::IAM::AssumeRolePolicyDocument`: the trust policy of a role.
    RoleTrustPolicy,
    /// `AWS::DynamoDB::Table`
    DynamoDbTable,
}

impl ValidatePolicyResourceType {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::S3Bucket,
        Self::S3AccessPoint,
        Self::S3MultiRegionAccessPoint,
        Self::S3ObjectLambdaAccessPoint,
        Self::RoleTrustPolicy,
        Self::DynamoDbTable,
    ];

    /// Reads AWS's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|resource_type| resource_type.as_str() == name)
    }

    /// AWS's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::S3Bucket => "AWS::S3::Bucket",
            Self::S3AccessPoint => "AWS::S3::AccessPoint",
            Self::S3MultiRegionAccessPoint => "AWS::S3::MultiRegionAccessPoint",
            Self::S3ObjectLambdaAccessPoint => "AWS::S3ObjectLambda::AccessPoint",
            Self::RoleTrustPolicy => "AWS::IAM::AssumeRolePolicyDocument",
            Self::DynamoDbTable => "AWS::DynamoDB::Table",
        }
    }
}

/// The kinds of policy whose rules differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PolicyKind {
    /// An identity policy.
    Identity,
    /// A resource policy, with what it will be attached to where that is known; never a role trust policy.
    Resource(Option<ValidatePolicyResourceType>),
    /// The trust policy of a role.
    RoleTrust,
    /// A service control policy.
    ServiceControl,
    /// A resource control policy.
    ResourceControl,
}

impl PolicyKind {
    /// The kind that the caller names. Whether a resource policy without a type is a role trust policy only the
    /// document can say.
    pub(crate) fn new(
        policy_type: PolicyType,
        resource_type: Option<ValidatePolicyResourceType>,
    ) -> Self {
        match (policy_type, resource_type) {
            (PolicyType::IdentityPolicy, _) => Self::Identity,
            (PolicyType::ServiceControlPolicy, _) => Self::ServiceControl,
            (PolicyType::ResourceControlPolicy, _) => Self::ResourceControl,
            (PolicyType::ResourcePolicy, Some(ValidatePolicyResourceType::RoleTrustPolicy)) => {
                Self::RoleTrust
            }
            (PolicyType::ResourcePolicy, resource_type) => Self::Resource(resource_type),
        }
    }

    /// Whether IAM itself stores the policy. Its rules for Sids are stricter than those of other services.
    pub(crate) fn is_stored_by_iam(self) -> bool {
        match self {
            Self::Identity | Self::RoleTrust | Self::ServiceControl | Self::ResourceControl => true,
            Self::Resource(_) => false,
        }
    }

    /// Whether the statements name principals: resource policies and role trust policies.
    pub(crate) fn is_resource_based(self) -> bool {
        match self {
            Self::Resource(_) | Self::RoleTrust => true,
            Self::Identity | Self::ServiceControl | Self::ResourceControl => false,
        }
    }

    /// What to call it in a sentence.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Identity => "an identity policy",
            Self::Resource(None) => "a resource policy",
            Self::Resource(Some(resource_type)) => match resource_type {
                ValidatePolicyResourceType::S3Bucket => "the policy of an S3 bucket",
                ValidatePolicyResourceType::S3AccessPoint => "the policy of an S3 access point",
                ValidatePolicyResourceType::S3MultiRegionAccessPoint => {
                    "the policy of an S3 Multi-Region Access Point"
                }
                ValidatePolicyResourceType::S3ObjectLambdaAccessPoint => {
                    "the policy of an S3 Object Lambda Access Point"
                }
                ValidatePolicyResourceType::DynamoDbTable => "the policy of a DynamoDB table",
                ValidatePolicyResourceType::RoleTrustPolicy => "a role trust policy",
            },
            Self::RoleTrust => "a role trust policy",
            Self::ServiceControl => "a service control policy",
            Self::ResourceControl => "a resource control policy",
        }
    }
}
