//! Resources that one policy decides about.

use ringfence_access::inventory::{
    Configuration, DynamodbStream, DynamodbTable, EcrRepository, EfsFileSystem, PolicySource,
    ResourceType, SecretsManagerSecret, SnsTopic, SqsQueue,
};

use super::draft::Draft;
use super::{Assembly, PlannedResource, Whereabouts};
use crate::planned::{Planned, Text};

pub(super) fn resource(assembly: &mut Assembly, own: &PlannedResource) {
    let Some(arn) = own.arn.clone() else { return };
    let properties = &own.properties;
    let (empty, document) = match own.resource_type.as_str() {
        "AWS::SQS::Queue" => (empty(ResourceType::SqsQueue), None),
        "AWS::SNS::Topic" => (empty(ResourceType::SnsTopic), None),
        "AWS::SecretsManager::Secret" => {
            let key = properties.get("KmsKeyId").and_then(Planned::as_text);
            let kms_key_id = key.map(|key| key.pattern());
            let secret = SecretsManagerSecret { kms_key_id, secret_policy: None };
            (Configuration::SecretsManagerSecret(secret), None)
        }
        "AWS::EFS::FileSystem" => {
            (empty(ResourceType::EfsFileSystem), properties.get("FileSystemPolicy"))
        }
        "AWS::ECR::Repository" => {
            (empty(ResourceType::EcrRepository), properties.get("RepositoryPolicyText"))
        }
        _ => return tables(assembly, own, &arn),
    };
    let mut draft = Draft::new(own, arn, empty);
    let policy = draft.policy("policy", document, &own.presence);
    set(&mut draft.configuration, policy);
    assembly.push(draft);
}

/// A table or the replicas of a global one, each with its stream.
fn tables(assembly: &mut Assembly, own: &PlannedResource, arn: &Text) {
    let document = |of: &Planned, name: &str| {
        let policy = match name {
            "" => of.get("ResourcePolicy"),
            _ => of.get(name).and_then(|stream| stream.get("ResourcePolicy")),
        };
        policy.and_then(|policy| policy.get("PolicyDocument")).cloned()
    };
    let properties = &own.properties;
    let global = own.resource_type == "AWS::DynamoDB::GlobalTable";
    let replicas = properties.get("Replicas").map(Planned::one_or_many).unwrap_or_default();
    let places = if global { replicas } else { std::slice::from_ref(properties) };
    for replica in places {
        let region = replica.get("Region").filter(|_| global).and_then(Planned::as_known_text);
        let mut own = own.clone();
        let mut arn = arn.clone();
        if let Some(region) = region.filter(|region| **region != *own.whereabouts.region) {
            let pieces = arn.split(":");
            let mut moved = Text::default();
            for (index, piece) in pieces.iter().enumerate() {
                moved.push_known(if index > 0 { ":" } else { "" });
                match index {
                    3 => moved.push_known(&region),
                    _ => moved.push(piece),
                }
            }
            arn = moved;
            own.whereabouts.region = region.into();
        }
        let mut draft = Draft::new(&own, arn.clone(), empty(ResourceType::DynamodbTable));
        let policy = draft.policy("ResourcePolicy", document(replica, "").as_ref(), &own.presence);
        set(&mut draft.configuration, policy);
        assembly.push(draft);
        let stream = document(replica, "StreamSpecification")
            .or_else(|| document(replica, "ReplicaStreamSpecification"));
        if let Some(stream) = stream {
            stream_of(assembly, &own, &arn, &stream);
        }
    }
}

fn stream_of(assembly: &mut Assembly, own: &PlannedResource, table: &Text, document: &Planned) {
    let label = crate::planned::Unknown::new(
        format!("{}.StreamLabel", own.address),
        "*",
        format!("the label of the stream of `{}` is chosen at deployment", own.address),
        &document.place,
    );
    let arn = Text::joined([table, &Text::known("/stream/"), &Text::unknown(label)]);
    let mut draft = Draft::new(own, arn, empty(ResourceType::DynamodbStream));
    let policy = draft.policy("ResourcePolicy", Some(document), &own.presence);
    set(&mut draft.configuration, policy);
    assembly.push(draft);
}

fn empty(resource_type: ResourceType) -> Configuration {
    match resource_type {
        ResourceType::SqsQueue => Configuration::SqsQueue(SqsQueue::default()),
        ResourceType::SnsTopic => Configuration::SnsTopic(SnsTopic::default()),
        ResourceType::EfsFileSystem => Configuration::EfsFileSystem(EfsFileSystem::default()),
        ResourceType::EcrRepository => Configuration::EcrRepository(EcrRepository::default()),
        ResourceType::DynamodbTable => Configuration::DynamodbTable(DynamodbTable::default()),
        ResourceType::DynamodbStream => Configuration::DynamodbStream(DynamodbStream::default()),
        _ => Configuration::SecretsManagerSecret(SecretsManagerSecret::default()),
    }
}

fn set(configuration: &mut Configuration, policy: Option<PolicySource>) {
    match configuration {
        Configuration::SqsQueue(own) => own.queue_policy = policy,
        Configuration::SnsTopic(own) => own.topic_policy = policy,
        Configuration::EfsFileSystem(own) => own.file_system_policy = policy,
        Configuration::EcrRepository(own) => own.repository_policy = policy,
        Configuration::DynamodbTable(own) => own.table_policy = policy,
        Configuration::DynamodbStream(own) => own.stream_policy = policy,
        Configuration::SecretsManagerSecret(own) => own.secret_policy = policy,
        _ => {}
    }
}

/// How a policy that is a resource of its own names what it is the policy of.
struct Attachment {
    resource_type: ResourceType,
    /// The property that names one or several.
    targets: &'static str,
    document: &'static str,
    /// What stands before a name in an ARN.
    service: &'static str,
    prefix: &'static str,
}

fn attachment(resource_type: &str) -> Attachment {
    let of = |resource_type, targets, document, service, prefix| Attachment {
        resource_type,
        targets,
        document,
        service,
        prefix,
    };
    match resource_type {
        "AWS::SQS::QueuePolicy" => {
            of(ResourceType::SqsQueue, "Queues", "PolicyDocument", "sqs", "")
        }
        "AWS::SQS::QueueInlinePolicy" => {
            of(ResourceType::SqsQueue, "Queue", "PolicyDocument", "sqs", "")
        }
        "AWS::SNS::TopicPolicy" => {
            of(ResourceType::SnsTopic, "Topics", "PolicyDocument", "sns", "")
        }
        "AWS::SNS::TopicInlinePolicy" => {
            of(ResourceType::SnsTopic, "TopicArn", "PolicyDocument", "sns", "")
        }
        "Ringfence::EFS::FileSystemPolicy" => of(
            ResourceType::EfsFileSystem,
            "FileSystemId",
            "PolicyDocument",
            "elasticfilesystem",
            "file-system/",
        ),
        "Ringfence::ECR::RepositoryPolicy" => of(
            ResourceType::EcrRepository,
            "RepositoryName",
            "PolicyDocument",
            "ecr",
            "repository/",
        ),
        "Ringfence::DynamoDB::ResourcePolicy" => {
            of(ResourceType::DynamodbTable, "ResourceArn", "PolicyDocument", "dynamodb", "table/")
        }
        _ => of(
            ResourceType::SecretsManagerSecret,
            "SecretId",
            "ResourcePolicy",
            "secretsmanager",
            "secret:",
        ),
    }
}

pub(super) fn attached(assembly: &mut Assembly, own: &PlannedResource) {
    let mut kind = attachment(&own.resource_type);
    let Some(targets) = own.properties.get(kind.targets) else { return };
    for target in targets.one_or_many() {
        let Some(name) = target.as_text() else { continue };
        let pattern = name.pattern();
        if kind.resource_type == ResourceType::DynamodbTable && pattern.contains("/stream/") {
            kind.resource_type = ResourceType::DynamodbStream;
        }
        let Attachment { resource_type, service, prefix, .. } = kind;
        let otherwise =
            |place: &Whereabouts| (arn_of(&name, service, prefix, place), empty(resource_type));
        let draft = assembly.target(own, resource_type, &name, otherwise);
        let policy = draft.policy(kind.document, own.properties.get(kind.document), &own.presence);
        set(&mut draft.configuration, policy);
    }
}

/// The ARN of what is named by its ARN, its URL or its name.
pub(super) fn arn_of(name: &Text, service: &str, prefix: &str, place: &Whereabouts) -> Text {
    if name.pattern().starts_with("arn:") {
        return name.clone();
    }
    let last = match name.pattern().starts_with("https://") {
        true => name.split("/").pop().unwrap_or_default(),
        false => name.clone(),
    };
    let start = format!(
        "arn:{}:{service}:{}:{}:{prefix}",
        place.partition.as_str(),
        place.region,
        place.account
    );
    Text::joined([&Text::known(start), &last])
}
