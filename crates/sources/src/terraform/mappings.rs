//! Which resources of the AWS provider are which of CloudFormation, attribute by attribute.
//!
//! <https://registry.terraform.io/providers/hashicorp/aws/latest/docs>

/// One type: CloudFormation's name for it, its properties with the attributes they come from.
pub(super) struct Mapping {
    pub(super) terraform: &'static str,
    pub(super) cloudformation: &'static str,
    /// The service and what stands before the name in the ARN; nothing for what has none that others need.
    pub(super) arn: Option<(&'static str, &'static str)>,
    /// The attribute that names it.
    pub(super) name: &'static str,
    pub(super) properties: &'static [(&'static str, &'static str)],
    /// Its policies: property and attribute.
    pub(super) policy: Option<(&'static str, &'static str)>,
    /// The property that names what it belongs to, and the attribute.
    pub(super) target: Option<(&'static str, &'static str)>,
}

const fn own(
    terraform: &'static str,
    cloudformation: &'static str,
    arn: (&'static str, &'static str),
    name: &'static str,
    properties: &'static [(&'static str, &'static str)],
    policy: Option<(&'static str, &'static str)>,
) -> Mapping {
    Mapping { terraform, cloudformation, arn: Some(arn), name, properties, policy, target: None }
}

const fn of(
    terraform: &'static str,
    cloudformation: &'static str,
    target: (&'static str, &'static str),
    properties: &'static [(&'static str, &'static str)],
    policy: Option<(&'static str, &'static str)>,
) -> Mapping {
    Mapping {
        terraform,
        cloudformation,
        arn: None,
        name: "",
        properties,
        policy,
        target: Some(target),
    }
}

const BLOCK: &[(&str, &str)] = &[
    ("BlockPublicAcls", "block_public_acls"),
    ("IgnorePublicAcls", "ignore_public_acls"),
    ("BlockPublicPolicy", "block_public_policy"),
    ("RestrictPublicBuckets", "restrict_public_buckets"),
];

const SNAPSHOT: &[(&str, &str)] = &[
    ("SharedAccounts", "shared_accounts"),
    ("Encrypted", "encrypted"),
    ("KmsKeyId", "kms_key_id"),
];

pub(super) const MAPPINGS: &[Mapping] = &[
    own(
        "aws_s3_bucket",
        "AWS::S3::Bucket",
        ("s3", ""),
        "bucket",
        &[("AccessControl", "acl")],
        None,
    ),
    of(
        "aws_s3_bucket_policy",
        "AWS::S3::BucketPolicy",
        ("Bucket", "bucket"),
        &[],
        Some(("PolicyDocument", "policy")),
    ),
    of(
        "aws_s3_bucket_public_access_block",
        "Ringfence::S3::PublicAccessBlock",
        ("Bucket", "bucket"),
        BLOCK,
        None,
    ),
    of(
        "aws_s3_account_public_access_block",
        "Ringfence::S3::AccountPublicAccessBlock",
        ("", ""),
        BLOCK,
        None,
    ),
    of(
        "aws_s3_bucket_ownership_controls",
        "Ringfence::S3::OwnershipControls",
        ("Bucket", "bucket"),
        &[("Rules", "rule")],
        None,
    ),
    of(
        "aws_s3_bucket_acl",
        "Ringfence::S3::BucketAcl",
        ("Bucket", "bucket"),
        &[("AccessControl", "acl")],
        None,
    ),
    own(
        "aws_s3_directory_bucket",
        "AWS::S3Express::DirectoryBucket",
        ("s3express", "bucket/"),
        "bucket",
        &[],
        None,
    ),
    Mapping {
        terraform: "aws_s3_access_point",
        cloudformation: "AWS::S3::AccessPoint",
        arn: Some(("s3", "accesspoint/")),
        name: "name",
        properties: &[],
        policy: Some(("Policy", "policy")),
        target: Some(("Bucket", "bucket")),
    },
    own(
        "aws_iam_role",
        "AWS::IAM::Role",
        ("iam", "role"),
        "name",
        &[("ManagedPolicyArns", "managed_policy_arns")],
        Some(("AssumeRolePolicyDocument", "assume_role_policy")),
    ),
    own("aws_iam_user", "AWS::IAM::User", ("iam", "user"), "name", &[], None),
    own("aws_iam_group", "AWS::IAM::Group", ("iam", "group"), "name", &[], None),
    own(
        "aws_iam_policy",
        "AWS::IAM::ManagedPolicy",
        ("iam", "policy"),
        "name",
        &[],
        Some(("PolicyDocument", "policy")),
    ),
    of(
        "aws_iam_role_policy",
        "AWS::IAM::RolePolicy",
        ("RoleName", "role"),
        &[("PolicyName", "name")],
        Some(("PolicyDocument", "policy")),
    ),
    of(
        "aws_iam_user_policy",
        "AWS::IAM::UserPolicy",
        ("UserName", "user"),
        &[("PolicyName", "name")],
        Some(("PolicyDocument", "policy")),
    ),
    of(
        "aws_iam_group_policy",
        "AWS::IAM::GroupPolicy",
        ("GroupName", "group"),
        &[("PolicyName", "name")],
        Some(("PolicyDocument", "policy")),
    ),
    of(
        "aws_iam_role_policy_attachment",
        "Ringfence::IAM::PolicyAttachment",
        ("RoleName", "role"),
        &[("PolicyArn", "policy_arn")],
        None,
    ),
    of(
        "aws_iam_user_policy_attachment",
        "Ringfence::IAM::PolicyAttachment",
        ("UserName", "user"),
        &[("PolicyArn", "policy_arn")],
        None,
    ),
    own(
        "aws_kms_key",
        "AWS::KMS::Key",
        ("kms", "key/"),
        "key_id",
        &[],
        Some(("KeyPolicy", "policy")),
    ),
    of(
        "aws_kms_key_policy",
        "Ringfence::KMS::KeyPolicy",
        ("KeyId", "key_id"),
        &[],
        Some(("KeyPolicy", "policy")),
    ),
    of(
        "aws_kms_alias",
        "AWS::KMS::Alias",
        ("TargetKeyId", "target_key_id"),
        &[("AliasName", "name")],
        None,
    ),
    of(
        "aws_kms_grant",
        "Ringfence::KMS::Grant",
        ("KeyId", "key_id"),
        &[
            ("Operations", "operations"),
            ("GranteePrincipal", "grantee_principal"),
            ("RetiringPrincipal", "retiring_principal"),
        ],
        None,
    ),
    own(
        "aws_lambda_function",
        "AWS::Lambda::Function",
        ("lambda", "function:"),
        "function_name",
        &[],
        None,
    ),
    of(
        "aws_lambda_permission",
        "AWS::Lambda::Permission",
        ("FunctionName", "function_name"),
        &[
            ("Action", "action"),
            ("Principal", "principal"),
            ("SourceArn", "source_arn"),
            ("SourceAccount", "source_account"),
            ("EventSourceToken", "event_source_token"),
            ("PrincipalOrgID", "principal_org_id"),
            ("FunctionUrlAuthType", "function_url_auth_type"),
        ],
        None,
    ),
    of(
        "aws_lambda_function_url",
        "AWS::Lambda::Url",
        ("TargetFunctionArn", "function_name"),
        &[("AuthType", "authorization_type")],
        None,
    ),
    own(
        "aws_lambda_layer_version",
        "AWS::Lambda::LayerVersion",
        ("lambda", "layer:"),
        "layer_name",
        &[],
        None,
    ),
    of(
        "aws_lambda_layer_version_permission",
        "AWS::Lambda::LayerVersionPermission",
        ("LayerVersionArn", "layer_name"),
        &[("Action", "action"), ("Principal", "principal"), ("OrganizationId", "organization_id")],
        None,
    ),
    own("aws_sqs_queue", "AWS::SQS::Queue", ("sqs", ""), "name", &[], None),
    of(
        "aws_sqs_queue_policy",
        "AWS::SQS::QueueInlinePolicy",
        ("Queue", "queue_url"),
        &[],
        Some(("PolicyDocument", "policy")),
    ),
    own("aws_sns_topic", "AWS::SNS::Topic", ("sns", ""), "name", &[], None),
    of(
        "aws_sns_topic_policy",
        "AWS::SNS::TopicInlinePolicy",
        ("TopicArn", "arn"),
        &[],
        Some(("PolicyDocument", "policy")),
    ),
    own(
        "aws_secretsmanager_secret",
        "AWS::SecretsManager::Secret",
        ("secretsmanager", "secret:"),
        "name",
        &[("KmsKeyId", "kms_key_id")],
        None,
    ),
    of(
        "aws_secretsmanager_secret_policy",
        "AWS::SecretsManager::ResourcePolicy",
        ("SecretId", "secret_arn"),
        &[],
        Some(("ResourcePolicy", "policy")),
    ),
    own(
        "aws_efs_file_system",
        "AWS::EFS::FileSystem",
        ("elasticfilesystem", "file-system/"),
        "id",
        &[],
        None,
    ),
    of(
        "aws_efs_file_system_policy",
        "Ringfence::EFS::FileSystemPolicy",
        ("FileSystemId", "file_system_id"),
        &[],
        Some(("PolicyDocument", "policy")),
    ),
    own("aws_ecr_repository", "AWS::ECR::Repository", ("ecr", "repository/"), "name", &[], None),
    of(
        "aws_ecr_repository_policy",
        "Ringfence::ECR::RepositoryPolicy",
        ("RepositoryName", "repository"),
        &[],
        Some(("PolicyDocument", "policy")),
    ),
    own("aws_dynamodb_table", "AWS::DynamoDB::Table", ("dynamodb", "table/"), "name", &[], None),
    of(
        "aws_dynamodb_resource_policy",
        "Ringfence::DynamoDB::ResourcePolicy",
        ("ResourceArn", "resource_arn"),
        &[],
        Some(("PolicyDocument", "policy")),
    ),
    own("aws_ebs_snapshot", "AWS::EC2::Snapshot", ("ec2", "snapshot/"), "id", SNAPSHOT, None),
    own(
        "aws_db_snapshot",
        "AWS::RDS::DBSnapshot",
        ("rds", "snapshot:"),
        "db_snapshot_identifier",
        SNAPSHOT,
        None,
    ),
    own(
        "aws_db_cluster_snapshot",
        "AWS::RDS::DBClusterSnapshot",
        ("rds", "cluster-snapshot:"),
        "db_cluster_snapshot_identifier",
        SNAPSHOT,
        None,
    ),
    of(
        "aws_snapshot_create_volume_permission",
        "Ringfence::EC2::SnapshotPermission",
        ("SnapshotId", "snapshot_id"),
        &[("AccountId", "account_id")],
        None,
    ),
];

/// Types whose policy is one of their attributes, and what that policy is in CloudFormation.
pub(super) const INLINE: &[(&str, &str, &str, &str)] = &[
    ("aws_s3_bucket", "AWS::S3::BucketPolicy", "Bucket", "PolicyDocument"),
    ("aws_sqs_queue", "AWS::SQS::QueueInlinePolicy", "Queue", "PolicyDocument"),
    ("aws_sns_topic", "AWS::SNS::TopicInlinePolicy", "TopicArn", "PolicyDocument"),
    (
        "aws_secretsmanager_secret",
        "AWS::SecretsManager::ResourcePolicy",
        "SecretId",
        "ResourcePolicy",
    ),
];

/// Attributes that let somebody in and are not read: type and attribute. Where one is set, that is said.
pub(super) const NOT_READ: &[(&str, &str)] = &[
    ("aws_s3_access_point", "public_access_block_configuration"),
    ("aws_s3_bucket", "grant"),
    ("aws_s3_bucket_acl", "access_control_policy"),
];
