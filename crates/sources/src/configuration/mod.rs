//! The `configuration` and `attributes` of a resource file, type by type.
//!
//! `configuration` is AWS's union of the same name:
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Configuration.html>.

mod kms_key;
mod s3;
mod shared_snapshot;

pub(crate) use s3::four_members;

use ringfence_access::inventory::{
    Configuration, DynamodbStream, DynamodbTable, EcrRepository, EfsFileSystem,
    FunctionUrlAuthType, IamRole, LambdaFunction, LambdaLayerVersion, ResourceType,
    SecretsManagerSecret, SnsTopic, SqsQueue,
};
use ringfence_policy::json::Value;

use crate::part::Part;
use crate::shape::{ShapeError, Shaped, member, object, optional_text, required, required_text};

/// The configuration of a resource of this type. `file` is the object that the resource file holds.
pub(crate) fn configuration(
    part: &mut Part<'_>,
    resource_type: ResourceType,
    file: &Value<'_>,
) -> Shaped<Configuration> {
    let union = required(file, "configuration")?;
    let expected = resource_type.configuration_member();
    let value = match object(union, "configuration")? {
        [only] if only.key.value == expected => &only.value,
        members => {
            let found: Vec<_> = members.iter().map(|m| format!("`{}`", m.key.value)).collect();
            let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
            let message = format!(
                "the configuration of an {resource_type} is one member `{expected}`, found {found}"
            );
            return Err(ShapeError::new(union, message));
        }
    };
    object(value, expected)?;
    let attributes = member(file, "attributes");
    if let Some(attributes) = attributes {
        object(attributes, "attributes")?;
    }
    of_type(part, resource_type, value, attributes)
}

fn of_type(
    part: &mut Part<'_>,
    resource_type: ResourceType,
    value: &Value<'_>,
    attributes: Option<&Value<'_>>,
) -> Shaped<Configuration> {
    Ok(match resource_type {
        ResourceType::S3Bucket => s3::bucket(part, value, attributes)?,
        ResourceType::S3ExpressDirectoryBucket => s3::directory_bucket(part, value)?,
        ResourceType::IamRole => {
            let missing = || ShapeError::new(value, "`trustPolicy` is missing here");
            let trust_policy = part.policy(value, "trustPolicy")?.ok_or_else(missing)?;
            Configuration::IamRole(IamRole { trust_policy })
        }
        ResourceType::KmsKey => kms_key::key(part, value, attributes)?,
        ResourceType::LambdaFunction => lambda_function(part, value, attributes)?,
        ResourceType::LambdaLayerVersion => {
            let layer_policy = part.policy(value, "layerPolicy")?;
            Configuration::LambdaLayerVersion(LambdaLayerVersion { layer_policy })
        }
        ResourceType::SqsQueue => {
            let queue_policy = part.policy(value, "queuePolicy")?;
            Configuration::SqsQueue(SqsQueue { queue_policy })
        }
        ResourceType::SnsTopic => {
            let topic_policy = part.policy(value, "topicPolicy")?;
            Configuration::SnsTopic(SnsTopic { topic_policy })
        }
        ResourceType::SecretsManagerSecret => {
            let kms_key_id = optional_text(value, "kmsKeyId")?;
            let secret_policy = part.policy(value, "secretPolicy")?;
            Configuration::SecretsManagerSecret(SecretsManagerSecret { kms_key_id, secret_policy })
        }
        ResourceType::EfsFileSystem => {
            let file_system_policy = part.policy(value, "fileSystemPolicy")?;
            Configuration::EfsFileSystem(EfsFileSystem { file_system_policy })
        }
        ResourceType::EcrRepository => {
            let repository_policy = part.policy(value, "repositoryPolicy")?;
            Configuration::EcrRepository(EcrRepository { repository_policy })
        }
        ResourceType::Ec2Snapshot => shared_snapshot::ebs(part, value, attributes)?,
        ResourceType::RdsDbSnapshot => {
            let snapshot = shared_snapshot::rds(part, value, attributes, "Encrypted")?;
            Configuration::RdsDbSnapshot(Box::new(snapshot))
        }
        ResourceType::RdsDbClusterSnapshot => {
            let snapshot = shared_snapshot::rds(part, value, attributes, "StorageEncrypted")?;
            Configuration::RdsDbClusterSnapshot(Box::new(snapshot))
        }
        ResourceType::DynamodbTable => {
            let table_policy = part.policy(value, "tablePolicy")?;
            Configuration::DynamodbTable(DynamodbTable { table_policy })
        }
        ResourceType::DynamodbStream => {
            let stream_policy = part.policy(value, "streamPolicy")?;
            Configuration::DynamodbStream(DynamodbStream { stream_policy })
        }
    })
}

fn lambda_function(
    part: &mut Part<'_>,
    value: &Value<'_>,
    attributes: Option<&Value<'_>>,
) -> Shaped<Configuration> {
    let url = attributes.and_then(|attributes| member(attributes, "FunctionUrlConfig"));
    let auth_type = |url| {
        let auth_type = required(url, "AuthType")?;
        match required_text(url, "AuthType")? {
            "AWS_IAM" => Ok(FunctionUrlAuthType::AwsIam),
            "NONE" => Ok(FunctionUrlAuthType::None),
            other => Err(unknown(auth_type, other, "AWS_IAM or NONE")),
        }
    };
    Ok(Configuration::LambdaFunction(LambdaFunction {
        function_policy: part.policy(value, "functionPolicy")?,
        function_url_auth_type: url.map(auth_type).transpose()?,
    }))
}

/// A text that is none of those that AWS has.
fn unknown(value: &Value<'_>, found: &str, expected: &str) -> ShapeError {
    ShapeError::new(value, format!("`{found}` should be {expected}"))
}
