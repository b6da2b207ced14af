//! Resources of the AWS provider as those of CloudFormation that they are.
//!
//! <https://registry.terraform.io/providers/hashicorp/aws/latest/docs>

use super::plan::{Change, Plan};
use super::values::Values;
use crate::assembly::{PlannedResource, Whereabouts};
use crate::node::Key;
use crate::planned::{Planned, PlannedKind, Presence, Text, Unknown};

/// One type: CloudFormation's name for it, its properties with the attributes they come from.
struct Mapping {
    terraform: &'static str,
    cloudformation: &'static str,
    /// The service and what stands before the name in the ARN; nothing for what has none that others need.
    arn: Option<(&'static str, &'static str)>,
    /// The attribute that names it.
    name: &'static str,
    properties: &'static [(&'static str, &'static str)],
    /// Its policies: property and attribute.
    policy: Option<(&'static str, &'static str)>,
    /// The property that names what it belongs to, and the attribute.
    target: Option<(&'static str, &'static str)>,
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

const MAPPINGS: &[Mapping] = &[
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
const INLINE: &[(&str, &str, &str, &str)] = &[
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

/// The resources that are there after the plan.
pub(super) fn resources(plan: &Plan<'_>, whereabouts: &Whereabouts) -> Vec<PlannedResource> {
    let there =
        plan.changes.iter().filter(|own| !own.is_data && !own.is_delete && own.after.is_some());
    there
        .flat_map(|change| {
            let values = Values { plan, change, whereabouts };
            match MAPPINGS.iter().find(|own| own.terraform == change.resource_type) {
                Some(mapping) => mapped(&values, mapping),
                None => vec![other(&values)],
            }
        })
        .collect()
}

/// A name by which policies find what they belong to.
fn address_of(change: &Change<'_>) -> Text {
    Text::known(format!("plan:{}", change.address))
}

fn resource(
    values: &Values<'_, '_>,
    resource_type: &str,
    properties: Vec<(&str, Planned)>,
) -> PlannedResource {
    let change = values.change;
    PlannedResource {
        address: change.address.to_owned(),
        resource_type: resource_type.to_owned(),
        properties: Planned::map(change.place, properties),
        presence: Presence::Certain,
        arn: None,
        names: vec![address_of(change)],
        whereabouts: values.whereabouts.clone(),
    }
}

fn mapped(values: &Values<'_, '_>, mapping: &Mapping) -> Vec<PlannedResource> {
    let mut properties: Vec<(&str, Planned)> = Vec::new();
    for (property, attribute) in mapping.properties {
        properties.extend(values.attribute(attribute).map(|value| (*property, value)));
    }
    if let Some((property, attribute)) = mapping.policy {
        properties.extend(values.policy(attribute).map(|value| (property, value)));
    }
    let mut all = match mapping.target {
        Some((property, attribute)) => {
            of_targets(values, mapping, (property, attribute), &properties)
        }
        None => vec![resource(values, mapping.cloudformation, properties)],
    };
    if let Some((service, prefix)) = mapping.arn {
        let arn = arn(values, mapping, service, prefix);
        for own in &mut all {
            own.names.extend(values.text(mapping.name));
            own.names.push(arn.clone());
            own.arn = Some(arn.clone());
        }
    }
    let inline = INLINE.iter().find(|(name, ..)| *name == values.change.resource_type);
    if let Some((_, resource_type, target, document)) = inline
        && let Some(policy) = values.policy("policy")
    {
        let name = Planned::new(values.change.place, PlannedKind::Text(address_of(values.change)));
        all.push(resource(values, resource_type, vec![(*target, name), (*document, policy)]));
    }
    all
}

/// The resource once for each that it may belong to.
fn of_targets(
    values: &Values<'_, '_>,
    mapping: &Mapping,
    (property, attribute): (&str, &str),
    properties: &[(&str, Planned)],
) -> Vec<PlannedResource> {
    let place = values.change.place;
    let references = values.plan.references(values.change, values.expression(attribute));
    let mut changes: Vec<&Change<'_>> =
        references.iter().flat_map(|own| own.changes.clone()).collect();
    changes.retain(|own| !own.is_data);
    changes.dedup_by_key(|own| own.address);
    let with = |target: Option<Planned>| {
        let target = target.map(|target| (property, target));
        let all =
            target.into_iter().chain(properties.iter().map(|(name, value)| (*name, value.clone())));
        resource(values, mapping.cloudformation, all.collect())
    };
    if changes.is_empty() {
        return vec![with(values.attribute(attribute))];
    }
    let several = changes.len() > 1;
    let one = |change: &Change<'_>| {
        let mut own = with(Some(Planned::new(place, PlannedKind::Text(address_of(change)))));
        if several {
            let reason = format!(
                "which resource `{}` belongs to is known after apply",
                values.change.address
            );
            let identity = format!("plan:{}.{attribute}", values.change.address);
            own.presence = Presence::Possible(Unknown::new(identity, "*", reason, place));
        }
        own
    };
    changes.into_iter().map(one).collect()
}

/// The ARN: as the plan knows it, or made of the name.
fn arn(values: &Values<'_, '_>, mapping: &Mapping, service: &str, prefix: &str) -> Text {
    let known =
        values.change.after.and_then(|own| own.get("arn")).and_then(crate::node::Node::as_text);
    if let Some(known) = known {
        return Text::known(known);
    }
    let change = values.change;
    let chosen = |what: &str, form: &str| {
        let reason = format!("{what} of `{}` is known after apply", change.address);
        Text::unknown(Unknown::new(
            format!("{}.{what}", change.address),
            form,
            reason,
            change.place,
        ))
    };
    let name = values.text(mapping.name).unwrap_or_else(|| chosen("the name", "*"));
    let place = values.whereabouts;
    let (partition, account, region) = (place.partition.as_str(), &place.account, &place.region);
    let start = match service {
        "s3" if prefix.is_empty() => format!("arn:{partition}:s3:::"),
        "ec2" => format!("arn:{partition}:ec2:{region}::{prefix}"),
        "iam" => {
            let path = values.text("path").map_or_else(|| "/".to_owned(), |path| path.pattern());
            format!("arn:{partition}:iam::{account}:{prefix}{path}")
        }
        _ => format!("arn:{partition}:{service}:{region}:{account}:{prefix}"),
    };
    let end = match mapping.terraform {
        "aws_secretsmanager_secret" => {
            Text::joined([&Text::known("-"), &chosen("the end of the ARN", "??????")])
        }
        "aws_lambda_layer_version" => Text::joined([&Text::known(":"), &chosen("the number", "*")]),
        _ => Text::default(),
    };
    Text::joined([&Text::known(start), &name, &end])
}

/// A resource of another type, which is looked through for policies.
fn other(values: &Values<'_, '_>) -> PlannedResource {
    let properties = values.change.after.map(Planned::of_node);
    let mut own = resource(values, values.change.resource_type, Vec::new());
    if let Some(mut properties) = properties {
        properties.place = values.change.place.clone();
        own.properties = properties;
    }
    own
}

/// The policy that an `aws_iam_policy_document` makes, as far as it is known:
/// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document>.
pub(super) fn document(values: &Values<'_, '_>) -> Option<Planned> {
    let after = values.change.after?;
    let others = ["source_policy_documents", "override_policy_documents"];
    if others
        .iter()
        .any(|name| values.attribute(name).is_some_and(|own| !own.one_or_many().is_empty()))
    {
        return None; // What they add or take away is not known.
    }
    let place = values.change.place;
    let statements = values.attribute("statement")?;
    let all = statements.one_or_many().iter().map(statement).collect();
    let version = after.get("version").and_then(crate::node::Node::as_text).unwrap_or("2012-10-17");
    Some(Planned::map(
        place,
        vec![
            ("Version", Planned::text(place, version)),
            ("Statement", Planned::new(&statements.place, PlannedKind::List(all))),
        ],
    ))
}

fn statement(block: &Planned) -> Planned {
    let place = &block.place;
    let mut members = Vec::new();
    members.extend(block.get("sid").map(|sid| ("Sid", sid.clone())));
    let effect = block.get("effect").cloned().unwrap_or_else(|| Planned::text(place, "Allow"));
    members.push(("Effect", effect));
    for (element, name) in [
        ("Action", "actions"),
        ("NotAction", "not_actions"),
        ("Resource", "resources"),
        ("NotResource", "not_resources"),
    ] {
        let found = block
            .get(name)
            .filter(|own| !matches!(&own.kind, PlannedKind::List(all) if all.is_empty()));
        members.extend(found.map(|own| (element, own.clone())));
    }
    for (element, name) in [("Principal", "principals"), ("NotPrincipal", "not_principals")] {
        members.extend(block.get(name).and_then(principals).map(|own| (element, own)));
    }
    members.extend(block.get("condition").and_then(conditions).map(|own| ("Condition", own)));
    Planned::map(place, members)
}

fn principals(blocks: &Planned) -> Option<Planned> {
    if let PlannedKind::Unknown(_) = blocks.kind {
        return Some(blocks.clone());
    }
    let mut kinds: Vec<(Key, Planned)> = Vec::new();
    for block in blocks.one_or_many() {
        let kind = block.get("type").and_then(Planned::as_known_text)?;
        let identifiers = block.get("identifiers")?.clone();
        if kind == "*" {
            return Some(Planned::text(&block.place, "*"));
        }
        match kinds.iter_mut().find(|(key, _)| key.name == kind) {
            Some((_, all)) => {
                let both =
                    all.one_or_many().iter().chain(identifiers.one_or_many()).cloned().collect();
                all.kind = PlannedKind::List(both);
            }
            None => kinds.push((Key { name: kind, place: block.place.clone() }, identifiers)),
        }
    }
    (!kinds.is_empty()).then(|| Planned::new(&blocks.place, PlannedKind::Map(kinds)))
}

fn conditions(blocks: &Planned) -> Option<Planned> {
    if let PlannedKind::Unknown(_) = blocks.kind {
        return Some(blocks.clone());
    }
    let mut operators: Vec<(Key, Vec<(Key, Planned)>)> = Vec::new();
    for block in blocks.one_or_many() {
        let text = |name: &str| block.get(name).and_then(Planned::as_known_text);
        let (Some(test), Some(variable)) = (text("test"), text("variable")) else {
            let unknown = block.first_unknown()?.clone();
            return Some(Planned::unknown(&block.place, unknown));
        };
        let values = block.get("values")?.clone();
        let key = |name: String| Key { name, place: block.place.clone() };
        match operators.iter_mut().find(|(own, _)| own.name == test) {
            Some((_, keys)) => keys.push((key(variable), values)),
            None => operators.push((key(test), vec![(key(variable), values)])),
        }
    }
    let map = |(operator, keys): (Key, Vec<(Key, Planned)>)| {
        let keys = Planned::new(&operator.place, PlannedKind::Map(keys));
        (operator, keys)
    };
    let all: Vec<(Key, Planned)> = operators.into_iter().map(map).collect();
    (!all.is_empty()).then(|| Planned::new(&blocks.place, PlannedKind::Map(all)))
}
