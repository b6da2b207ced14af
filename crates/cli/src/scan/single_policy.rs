//! `ringfence scan --policy`: one policy and what it is the policy of, as an environment with one resource.

use std::path::Path;
use std::sync::Arc;

use ringfence_access::inventory::{
    Account, Configuration, DynamodbStream, DynamodbTable, EcrRepository, EfsFileSystem, IamRole,
    Inventory, KmsKey, LambdaFunction, LambdaLayerVersion, PolicySource, PublicAccessBlock,
    Resource, ResourceType, S3Bucket, S3ExpressDirectoryBucket, SecretsManagerSecret, SnsTopic,
    SqsQueue,
};
use ringfence_policy::location::Position;
use ringfence_policy::{AccountId, Arn, Partition};

use super::chosen::ChosenArguments;
use crate::exit::UsageError;
use crate::policy_file;

/// Reads the policy.
pub(super) fn inventory(policy: &Path, arguments: &ChosenArguments) -> anyhow::Result<Inventory> {
    let ([resource_type], [arn], [] | [_]) =
        (&*arguments.resource_type, &*arguments.resource, &*arguments.account)
    else {
        let text =
            "--policy needs one --resource-type and one --resource, and at most one --account";
        return Err(UsageError(text.to_owned()).into());
    };
    let resource_type = *resource_type;
    let account = owner(arn, arguments.account.first())?;
    let Some(partition) = Partition::new(&arn.partition) else {
        return Err(UsageError(format!("`{}` is no partition of AWS", arn.partition)).into());
    };
    ringfence_sources::check_resource_arn(resource_type, arn, &account).map_err(UsageError)?;
    let source = policy_file::read_source(policy)?;
    let file = Arc::clone(source.file());
    let region = if arn.region.is_empty() { "global" } else { &arn.region };
    let mut inventory = Inventory::empty(partition);
    let facts = Account {
        s3_public_access_block: Some(PublicAccessBlock::default()),
        ..Account::new(account.clone())
    };
    inventory.accounts.insert(account.clone(), facts);
    inventory.resources.push(Resource {
        arn: arn.to_string(),
        account,
        region: Arc::from(region),
        tags: Vec::new(),
        file,
        position: Position { line: 1, column: 0, offset: 0 },
        configuration: configuration(resource_type, source)?,
    });
    Ok(inventory)
}

fn owner(arn: &Arn, account: Option<&AccountId>) -> Result<AccountId, UsageError> {
    match (arn.account_id(), account) {
        (Some(named), Some(given)) if named != *given => Err(UsageError(format!(
            "--account {given} is not the account of the resource, which is {named}"
        ))),
        (Some(named), _) => Ok(named),
        (None, Some(given)) => Ok(given.clone()),
        (None, None) => Err(UsageError(format!(
            "--account is needed: the ARN `{arn}` does not say who owns the resource"
        ))),
    }
}

fn configuration(
    resource_type: ResourceType,
    source: PolicySource,
) -> Result<Configuration, UsageError> {
    let policy = Some(source.clone());
    Ok(match resource_type {
        ResourceType::S3Bucket => Configuration::S3Bucket(Box::new(S3Bucket {
            bucket_policy: policy,
            ..S3Bucket::default()
        })),
        ResourceType::S3ExpressDirectoryBucket => {
            Configuration::S3ExpressDirectoryBucket(Box::new(S3ExpressDirectoryBucket {
                bucket_policy: policy,
                ..S3ExpressDirectoryBucket::default()
            }))
        }
        ResourceType::IamRole => Configuration::IamRole(IamRole { trust_policy: source }),
        ResourceType::KmsKey => {
            Configuration::KmsKey(Box::new(KmsKey { key_policy: policy, ..KmsKey::default() }))
        }
        ResourceType::LambdaFunction => Configuration::LambdaFunction(LambdaFunction {
            function_policy: policy,
            ..LambdaFunction::default()
        }),
        ResourceType::LambdaLayerVersion => {
            Configuration::LambdaLayerVersion(LambdaLayerVersion { layer_policy: policy })
        }
        ResourceType::SqsQueue => Configuration::SqsQueue(SqsQueue { queue_policy: policy }),
        ResourceType::SnsTopic => Configuration::SnsTopic(SnsTopic { topic_policy: policy }),
        ResourceType::SecretsManagerSecret => {
            Configuration::SecretsManagerSecret(SecretsManagerSecret {
                secret_policy: policy,
                ..SecretsManagerSecret::default()
            })
        }
        ResourceType::EfsFileSystem => {
            Configuration::EfsFileSystem(EfsFileSystem { file_system_policy: policy })
        }
        ResourceType::EcrRepository => {
            Configuration::EcrRepository(EcrRepository { repository_policy: policy })
        }
        ResourceType::DynamodbTable => {
            Configuration::DynamodbTable(DynamodbTable { table_policy: policy })
        }
        ResourceType::DynamodbStream => {
            Configuration::DynamodbStream(DynamodbStream { stream_policy: policy })
        }
        ResourceType::Ec2Snapshot
        | ResourceType::RdsDbSnapshot
        | ResourceType::RdsDbClusterSnapshot => {
            return Err(UsageError(format!(
                "{resource_type} has no policy: it is shared by a list of accounts; scan a snapshot \
                 folder instead"
            )));
        }
    })
}
