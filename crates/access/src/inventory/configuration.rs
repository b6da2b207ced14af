//! How a resource is configured: AWS's `Configuration` union, and what analysis needs besides.
//!
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Configuration.html>

use super::shared_snapshot::{EbsSnapshot, RdsSnapshot};
use super::{KmsKey, PolicySource, ResourceType, S3Bucket, S3ExpressDirectoryBucket};

/// What decides about access to a resource of each type.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is the configuration of the type of that name")]
pub enum Configuration {
    S3Bucket(Box<S3Bucket>),
    S3ExpressDirectoryBucket(Box<S3ExpressDirectoryBucket>),
    IamRole(IamRole),
    KmsKey(Box<KmsKey>),
    LambdaFunction(LambdaFunction),
    LambdaLayerVersion(LambdaLayerVersion),
    SqsQueue(SqsQueue),
    SnsTopic(SnsTopic),
    SecretsManagerSecret(SecretsManagerSecret),
    EfsFileSystem(EfsFileSystem),
    EcrRepository(EcrRepository),
    Ec2Snapshot(Box<EbsSnapshot>),
    RdsDbSnapshot(Box<RdsSnapshot>),
    RdsDbClusterSnapshot(Box<RdsSnapshot>),
    DynamodbTable(DynamodbTable),
    DynamodbStream(DynamodbStream),
}

/// A role.
#[derive(Clone, Debug)]
pub struct IamRole {
    /// Its trust policy.
    pub trust_policy: PolicySource,
}

/// A function.
#[derive(Clone, Debug, Default)]
pub struct LambdaFunction {
    /// Its policy.
    pub function_policy: Option<PolicySource>,
    /// Who may call its URL; nothing when it has none or the file does not say it.
    pub function_url_auth_type: Option<FunctionUrlAuthType>,
}

/// Who may call a function's URL: <https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionUrlAuthType {
    /// Callers with AWS credentials that the policies allow.
    AwsIam,
    /// Everyone whom the function's policy allows, without credentials.
    None,
}

/// A version of a layer.
#[derive(Clone, Debug, Default)]
pub struct LambdaLayerVersion {
    /// Its policy.
    pub layer_policy: Option<PolicySource>,
}

/// A queue.
#[derive(Clone, Debug, Default)]
pub struct SqsQueue {
    /// Its policy.
    pub queue_policy: Option<PolicySource>,
}

/// A topic.
#[derive(Clone, Debug, Default)]
pub struct SnsTopic {
    /// Its policy.
    pub topic_policy: Option<PolicySource>,
}

/// A secret.
#[derive(Clone, Debug, Default)]
pub struct SecretsManagerSecret {
    /// The key it is encrypted with; nothing for `aws/secretsmanager`, which callers of other accounts
    /// cannot decrypt with.
    pub kms_key_id: Option<String>,
    /// Its policy.
    pub secret_policy: Option<PolicySource>,
}

/// A file system.
#[derive(Clone, Debug, Default)]
pub struct EfsFileSystem {
    /// Its policy.
    pub file_system_policy: Option<PolicySource>,
}

/// A repository.
#[derive(Clone, Debug, Default)]
pub struct EcrRepository {
    /// Its policy.
    pub repository_policy: Option<PolicySource>,
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct DynamodbTable {
    /// Its policy.
    pub table_policy: Option<PolicySource>,
}

/// A table's stream.
#[derive(Clone, Debug, Default)]
pub struct DynamodbStream {
    /// Its policy.
    pub stream_policy: Option<PolicySource>,
}

impl Configuration {
    /// The type of resource that has this configuration.
    #[must_use]
    pub fn resource_type(&self) -> ResourceType {
        match self {
            Self::S3Bucket(_) => ResourceType::S3Bucket,
            Self::S3ExpressDirectoryBucket(_) => ResourceType::S3ExpressDirectoryBucket,
            Self::IamRole(_) => ResourceType::IamRole,
            Self::KmsKey(_) => ResourceType::KmsKey,
            Self::LambdaFunction(_) => ResourceType::LambdaFunction,
            Self::LambdaLayerVersion(_) => ResourceType::LambdaLayerVersion,
            Self::SqsQueue(_) => ResourceType::SqsQueue,
            Self::SnsTopic(_) => ResourceType::SnsTopic,
            Self::SecretsManagerSecret(_) => ResourceType::SecretsManagerSecret,
            Self::EfsFileSystem(_) => ResourceType::EfsFileSystem,
            Self::EcrRepository(_) => ResourceType::EcrRepository,
            Self::Ec2Snapshot(_) => ResourceType::Ec2Snapshot,
            Self::RdsDbSnapshot(_) => ResourceType::RdsDbSnapshot,
            Self::RdsDbClusterSnapshot(_) => ResourceType::RdsDbClusterSnapshot,
            Self::DynamodbTable(_) => ResourceType::DynamodbTable,
            Self::DynamodbStream(_) => ResourceType::DynamodbStream,
        }
    }
}
