//! `ringfence scan --policy`: one policy and what it is the policy of, as an environment with one resource.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ringfence_access::inventory::{
    Account, Configuration, DynamodbStream, DynamodbTable, EcrRepository, EfsFileSystem, IamRole,
    Inventory, KmsKey, LambdaFunction, LambdaLayerVersion, PolicySource, PublicAccessBlock,
    Resource, ResourceType, S3Bucket, S3ExpressDirectoryBucket, SecretsManagerSecret, SnsTopic,
    SqsQueue,
};
use ringfence_policy::location::Position;
use ringfence_policy::{AccountId, Arn, Partition};

use crate::exit::UsageError;
use crate::policy_file;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "One policy alone")]
pub(super) struct SinglePolicyArguments {
    /// A policy: a JSON file, `-` for standard input; Block Public Access is taken to be off
    #[arg(long, value_name = "FILE", group = "alone", requires_all = ["resource_type", "resource"])]
    pub(super) policy: Option<PathBuf>,
    /// The type of its resource, CloudFormation's name
    #[arg(long, value_name = "TYPE", requires = "policy", value_parser = resource_type)]
    resource_type: Option<ResourceType>,
    /// The ARN of its resource
    #[arg(long, value_name = "ARN", requires = "policy", value_parser = resource_arn)]
    resource: Option<Arn>,
    /// The account that owns the resource, or that a template or plan is for; needed where nothing else says it
    #[arg(long, value_name = "ID", requires = "alone", value_parser = account_id)]
    pub(super) account: Option<AccountId>,
}

/// Reads the policy.
pub(super) fn inventory(
    policy: &Path,
    arguments: &SinglePolicyArguments,
) -> anyhow::Result<Inventory> {
    let (Some(resource_type), Some(arn)) = (arguments.resource_type, &arguments.resource) else {
        return Err(UsageError("--policy needs --resource-type and --resource".to_owned()).into());
    };
    let account = owner(arn, arguments.account.as_ref())?;
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

fn resource_type(name: &str) -> Result<ResourceType, String> {
    ResourceType::parse(name).ok_or_else(|| {
        let known: Vec<&str> = ResourceType::ALL.iter().map(|own| own.as_str()).collect();
        format!("there are {}", known.join(", "))
    })
}

fn resource_arn(text: &str) -> Result<Arn, String> {
    let arn =
        Arn::parse(text).ok_or("an ARN is `arn:partition:service:region:account:resource`")?;
    match text.contains(['*', '?']) {
        true => Err("the ARN of one resource has no wildcard".to_owned()),
        false => Ok(arn),
    }
}

fn account_id(text: &str) -> Result<AccountId, String> {
    AccountId::new(text).ok_or_else(|| "an account id has twelve digits".to_owned())
}
