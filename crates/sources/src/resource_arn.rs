//! Whether an ARN names a resource of its type, in the account and Region that its file stands for.
//!
//! The forms are those of <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>.

use ringfence_access::inventory::ResourceType;
use ringfence_policy::{AccountId, Arn, Partition};

/// Where a resource is, as far as the place of its file says.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'o> {
    pub(crate) account: &'o AccountId,
    pub(crate) region: &'o str,
    /// Nothing when no file says it.
    pub(crate) partition: Option<Partition>,
}

/// The form of the ARNs of a type.
struct Form {
    service: &'static str,
    region: Field,
    account: Field,
    /// What the resource part starts with.
    prefix: &'static str,
    /// How many more parts, between these separators, the name has.
    separator: char,
    parts: usize,
}

/// What a field of an ARN holds.
#[derive(PartialEq)]
enum Field {
    Empty,
    Owner,
    /// AWS writes it empty; some of its tools fill it in.
    EmptyOrOwner,
}

/// Checks that `arn` has the form of the ARNs of `resource_type`, of resources that `account` owns.
///
/// # Errors
/// What is expected instead.
pub fn check_resource_arn(
    resource_type: ResourceType,
    arn: &Arn,
    account: &AccountId,
) -> Result<(), String> {
    let region = if arn.region.is_empty() { "global" } else { &arn.region };
    check(resource_type, &arn.to_string(), Owner { account, region, partition: None })
}

/// Checks the ARN of a resource.
///
/// # Errors
/// What is expected instead.
pub(crate) fn check(
    resource_type: ResourceType,
    arn: &str,
    owner: Owner<'_>,
) -> Result<(), String> {
    let Some(parsed) = Arn::parse(arn) else { return Err(format!("`{arn}` is no ARN")) };
    let form = form(resource_type);
    let fits = |field: &Field, found: &str, owner: &str| match field {
        Field::Empty => found.is_empty(),
        Field::Owner => found == owner,
        Field::EmptyOrOwner => found.is_empty() || found == owner,
    };
    let name = parsed.resource.strip_prefix(form.prefix);
    let named = name.is_some_and(|name| {
        !name.is_empty() && (form.parts == 0 || name.split(form.separator).count() == form.parts)
    });
    let in_partition = match owner.partition {
        Some(partition) => partition.as_str() == parsed.partition,
        None => Partition::new(&parsed.partition).is_some(),
    };
    if named
        && in_partition
        && parsed.service == form.service
        && fits(&form.region, &parsed.region, owner.region)
        && fits(&form.account, &parsed.account, owner.account.as_str())
    {
        return Ok(());
    }
    let shown = |field: &Field, value: &str| match field {
        Field::Owner => value.to_owned(),
        Field::Empty | Field::EmptyOrOwner => String::new(),
    };
    Err(format!(
        "`{arn}` is not the ARN of an {resource_type} of account {} in {}, which looks like \
         `arn:{}:{}:{}:{}:{}…`",
        owner.account,
        owner.region,
        owner.partition.unwrap_or(Partition::Aws).as_str(),
        form.service,
        shown(&form.region, owner.region),
        shown(&form.account, owner.account.as_str()),
        form.prefix,
    ))
}

fn form(resource_type: ResourceType) -> Form {
    let regional = |service, prefix| Form {
        service,
        region: Field::Owner,
        account: Field::Owner,
        prefix,
        separator: ':',
        parts: 0,
    };
    let global = |service, prefix, account| Form {
        region: Field::Empty,
        account,
        ..regional(service, prefix)
    };
    match resource_type {
        ResourceType::S3Bucket => {
            Form { separator: '/', parts: 1, ..global("s3", "", Field::Empty) }
        }
        ResourceType::S3ExpressDirectoryBucket => regional("s3express", "bucket/"),
        ResourceType::IamRole => global("iam", "role/", Field::Owner),
        ResourceType::KmsKey => regional("kms", "key/"),
        ResourceType::LambdaFunction => Form { parts: 1, ..regional("lambda", "function:") },
        ResourceType::LambdaLayerVersion => Form { parts: 2, ..regional("lambda", "layer:") },
        ResourceType::SqsQueue => Form { parts: 1, ..regional("sqs", "") },
        ResourceType::SnsTopic => Form { parts: 1, ..regional("sns", "") },
        ResourceType::SecretsManagerSecret => regional("secretsmanager", "secret:"),
        ResourceType::EfsFileSystem => regional("elasticfilesystem", "file-system/"),
        ResourceType::EcrRepository => regional("ecr", "repository/"),
        ResourceType::Ec2Snapshot => {
            Form { account: Field::EmptyOrOwner, ..regional("ec2", "snapshot/") }
        }
        ResourceType::RdsDbSnapshot => regional("rds", "snapshot:"),
        ResourceType::RdsDbClusterSnapshot => regional("rds", "cluster-snapshot:"),
        ResourceType::DynamodbTable => {
            Form { separator: '/', parts: 1, ..regional("dynamodb", "table/") }
        }
        ResourceType::DynamodbStream => {
            Form { separator: '/', parts: 3, ..regional("dynamodb", "table/") }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(resource_type: &str, arn: &str) -> bool {
        let account = AccountId::new("111122223333").unwrap();
        let region = "eu-west-1";
        let owner = Owner { account: &account, region, partition: Some(Partition::Aws) };
        check(ResourceType::parse(resource_type).unwrap(), arn, owner).is_ok()
    }

    #[test]
    fn arns_of_every_type() {
        for (resource_type, rest) in [
            ("AWS::S3::Bucket", "s3:::b"),
            ("AWS::S3Express::DirectoryBucket", "s3express:eu-west-1:111122223333:bucket/b--x-s3"),
            ("AWS::IAM::Role", "iam::111122223333:role/a/b/r"),
            ("AWS::KMS::Key", "kms:eu-west-1:111122223333:key/1"),
            ("AWS::Lambda::Function", "lambda:eu-west-1:111122223333:function:f"),
            ("AWS::Lambda::LayerVersion", "lambda:eu-west-1:111122223333:layer:l:7"),
            ("AWS::SQS::Queue", "sqs:eu-west-1:111122223333:q"),
            ("AWS::SNS::Topic", "sns:eu-west-1:111122223333:t"),
            ("AWS::SecretsManager::Secret", "secretsmanager:eu-west-1:111122223333:secret:a/b-x"),
            ("AWS::EFS::FileSystem", "elasticfilesystem:eu-west-1:111122223333:file-system/fs-1"),
            ("AWS::ECR::Repository", "ecr:eu-west-1:111122223333:repository/a/b"),
            ("AWS::EC2::Snapshot", "ec2:eu-west-1::snapshot/snap-1"),
            ("AWS::EC2::Snapshot", "ec2:eu-west-1:111122223333:snapshot/snap-1"),
            ("AWS::RDS::DBSnapshot", "rds:eu-west-1:111122223333:snapshot:rds:s"),
            ("AWS::RDS::DBClusterSnapshot", "rds:eu-west-1:111122223333:cluster-snapshot:s"),
            ("AWS::DynamoDB::Table", "dynamodb:eu-west-1:111122223333:table/t"),
            (
                "AWS::DynamoDB::Stream",
                "dynamodb:eu-west-1:111122223333:table/t/stream/2026-01-01T00:00:00.000",
            ),
        ] {
            assert!(fits(resource_type, &format!("arn:aws:{rest}")), "{resource_type} {rest}");
            assert!(!fits(resource_type, &format!("arn:aws-cn:{rest}")), "{resource_type} {rest}");
            assert!(!fits(resource_type, rest), "{resource_type} {rest}");
            let elsewhere = rest
                .replace("111122223333", "444455556666")
                .replace("::snapshot", ":444455556666:snapshot");
            assert!(
                elsewhere == *rest || !fits(resource_type, &format!("arn:aws:{elsewhere}")),
                "{elsewhere}"
            );
            let elsewhere = rest.replace("eu-west-1", "eu-west-2");
            assert!(
                elsewhere == *rest || !fits(resource_type, &format!("arn:aws:{elsewhere}")),
                "{elsewhere}"
            );
        }
    }

    #[test]
    fn arns_of_something_else() {
        assert!(!fits("AWS::S3::Bucket", "arn:aws:s3:::b/key"));
        assert!(!fits("AWS::S3::Bucket", "arn:aws:s3:::"));
        assert!(!fits(
            "AWS::Lambda::Function",
            "arn:aws:lambda:eu-west-1:111122223333:function:f:live"
        ));
        assert!(!fits(
            "AWS::Lambda::LayerVersion",
            "arn:aws:lambda:eu-west-1:111122223333:layer:l"
        ));
        assert!(!fits(
            "AWS::DynamoDB::Table",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/t/stream/x"
        ));
        assert!(!fits("AWS::DynamoDB::Stream", "arn:aws:dynamodb:eu-west-1:111122223333:table/t"));
        assert!(!fits("AWS::KMS::Key", "arn:aws:kms:eu-west-1:111122223333:alias/k"));
    }
}
