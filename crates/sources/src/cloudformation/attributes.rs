//! What `Ref` and `Fn::GetAtt` give for a resource: what its type's page says, as far as it follows from the template.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html>. What AWS
//! chooses at deployment is unknown, in the form it will have.

use std::rc::Rc;

use super::names::Names;
use super::stack::Stack;
use crate::error::SourceError;
use crate::node::{Node, Place};
use crate::planned::{Planned, PlannedKind, Text, Unknown};

/// What a resource is known by.
pub(super) struct Identity {
    /// What `Ref` gives.
    pub(super) reference: Text,
    /// Its ARN, where its type has one that can be told.
    pub(super) arn: Option<Text>,
    /// Other attributes.
    attributes: Vec<(&'static str, Text)>,
}

impl Identity {
    /// Everything that other resources may name it by.
    pub(super) fn names(&self) -> Vec<Text> {
        let attributes = self.attributes.iter().map(|(_, text)| text.clone());
        std::iter::once(self.reference.clone()).chain(attributes).collect()
    }
}

/// What the resource is known by, if the template has it.
pub(super) fn identity(
    stack: &Stack,
    logical_id: &str,
    place: &Place,
) -> Result<Option<Rc<Identity>>, SourceError> {
    if let Some(known) = stack.identities.borrow().get(logical_id) {
        return Ok(Some(Rc::clone(known)));
    }
    let Some(resource) = stack.resource(logical_id) else { return Ok(None) };
    let resource_type = resource.get("Type").and_then(Node::as_text).unwrap_or_default();
    let names = Names { stack, logical_id, properties: resource.get("Properties"), place };
    let found = Rc::new(of_type(&names, resource_type)?);
    stack.identities.borrow_mut().insert(logical_id.to_owned(), Rc::clone(&found));
    Ok(Some(found))
}

/// The attribute of the resource, if the template has that.
pub(super) fn attribute(
    stack: &Stack,
    logical_id: &str,
    attribute: &str,
    place: &Place,
) -> Result<Option<Planned>, SourceError> {
    if let Some(output) = attribute.strip_prefix("Outputs.") {
        if stack.resource(logical_id).is_none() {
            return Ok(None);
        }
        return super::nested::output(stack, logical_id, output, place).map(Some);
    }
    let Some(identity) = identity(stack, logical_id, place)? else { return Ok(None) };
    let text = |text: &Text| Planned::new(place, PlannedKind::Text(text.clone()));
    let named = identity.attributes.iter().find(|(name, _)| *name == attribute);
    if let Some((_, found)) = named {
        return Ok(Some(text(found)));
    }
    if attribute == "Arn"
        && let Some(arn) = &identity.arn
    {
        return Ok(Some(text(arn)));
    }
    let resource = stack.resource(logical_id);
    let resource_type =
        resource.and_then(|own| own.get("Type")).and_then(Node::as_text).unwrap_or_default();
    let form = match attribute.ends_with("Arn") || attribute.ends_with("ARN") {
        true => arn_form(stack, resource_type),
        false => "*".to_owned(),
    };
    let reason = format!("`{attribute}` of `{logical_id}` is known after deployment");
    let identity = format!("{}{logical_id}.{attribute}", stack.environment.path);
    Ok(Some(Planned::unknown(place, Unknown::new(identity, form, reason, place))))
}

/// Services whose ARNs may leave out account and Region.
const WITHOUT_ACCOUNT: &[&str] = &["ApiGateway", "ApiGatewayV2", "CloudFront", "Route53", "S3"];

/// The form of ARNs of a type that nothing else is known of.
fn arn_form(stack: &Stack, resource_type: &str) -> String {
    let place = &stack.environment.whereabouts;
    let partition = place.partition.as_str();
    let service = resource_type.split("::").nth(1).unwrap_or_default();
    match resource_type.starts_with("AWS::") && !WITHOUT_ACCOUNT.contains(&service) {
        true => format!("arn:{partition}:*:*:{}:*", place.account),
        false => format!("arn:{partition}:*"),
    }
}

fn of_type(names: &Names<'_>, resource_type: &str) -> Result<Identity, SourceError> {
    let named = |reference: Text, arn: Text, attributes: Vec<(&'static str, Text)>| Identity {
        reference,
        arn: Some(arn),
        attributes,
    };
    let by_arn = |arn: Text, attributes: Vec<(&'static str, Text)>| Identity {
        reference: arn.clone(),
        arn: Some(arn),
        attributes,
    };
    Ok(match resource_type {
        "AWS::S3::Bucket" => {
            let name = names.name("BucketName", 63)?.lower();
            let arn = names.global("s3", "", &name, "");
            let domain = Text::joined([&name, &Text::known(".s3.amazonaws.com")]);
            named(name, arn, vec![("DomainName", domain)])
        }
        "AWS::S3Express::DirectoryBucket" => {
            let name = names.name("BucketName", 63)?.lower();
            let arn = names.regional("s3express", "bucket/", &name);
            named(name, arn, Vec::new())
        }
        "AWS::S3::AccessPoint" | "AWS::S3Express::AccessPoint" => {
            let name = names.name("Name", 50)?.lower();
            let service = if resource_type == "AWS::S3::AccessPoint" { "s3" } else { "s3express" };
            let arn = names.regional(service, "accesspoint/", &name);
            named(name.clone(), arn, vec![("Name", name)])
        }
        "AWS::S3::MultiRegionAccessPoint" => {
            let name = names.name("Name", 50)?.lower();
            let alias = names.chosen("Alias", "*", "the alias");
            let resource = Text::joined([&alias, &Text::known(".mrap")]);
            let arn = names.of_account("s3", "accesspoint/", &resource);
            named(name, arn, vec![("Alias", alias)])
        }
        "AWS::IAM::Role" => iam(names, "role", "RoleName", 64)?,
        "AWS::IAM::User" => iam(names, "user", "UserName", 64)?,
        "AWS::IAM::Group" => iam(names, "group", "GroupName", 128)?,
        "AWS::IAM::InstanceProfile" => iam(names, "instance-profile", "InstanceProfileName", 128)?,
        "AWS::IAM::ManagedPolicy" => {
            let policy = iam(names, "policy", "ManagedPolicyName", 128)?;
            let arn = policy.arn.unwrap_or_default();
            by_arn(arn.clone(), vec![("PolicyArn", arn)])
        }
        "AWS::IAM::OIDCProvider" => {
            let url = names.property("Url")?.unwrap_or_default();
            let host = match url.as_known() {
                Some(text) => Text::known(text.trim_start_matches("https://")),
                None => url,
            };
            by_arn(names.of_account("iam", "oidc-provider/", &host), Vec::new())
        }
        "AWS::IAM::SAMLProvider" => {
            let name = names.name("Name", 128)?;
            by_arn(names.of_account("iam", "saml-provider/", &name), Vec::new())
        }
        "AWS::KMS::Key" | "AWS::KMS::ReplicaKey" => {
            let id = names.chosen("KeyId", "*", "the id");
            let arn = names.regional("kms", "key/", &id);
            named(id.clone(), arn, vec![("KeyId", id)])
        }
        "AWS::KMS::Alias" => {
            let name = names.property("AliasName")?.unwrap_or_default();
            let arn = names.regional("kms", "", &name);
            named(name, arn, Vec::new())
        }
        _ => return of_other_type(names, resource_type),
    })
}

fn of_other_type(names: &Names<'_>, resource_type: &str) -> Result<Identity, SourceError> {
    let regional = |service, prefix, name: Text, attributes| {
        let arn = names.regional(service, prefix, &name);
        Identity { reference: name, arn: Some(arn), attributes }
    };
    let by_arn =
        |arn: Text, attributes| Identity { reference: arn.clone(), arn: Some(arn), attributes };
    Ok(match resource_type {
        "AWS::Lambda::Function" => {
            regional("lambda", "function:", names.name("FunctionName", 64)?, Vec::new())
        }
        "AWS::Lambda::Version" | "AWS::Lambda::Alias" => {
            let function = names.property("FunctionName")?.unwrap_or_default();
            let qualifier = match names.property("Name")? {
                Some(name) if resource_type == "AWS::Lambda::Alias" => name,
                _ => names.chosen("Version", "*", "the number"),
            };
            let name = Text::joined([&function, &Text::known(":"), &qualifier]);
            let arn = match function.pattern().starts_with("arn:") {
                true => name,
                false => names.regional("lambda", "function:", &name),
            };
            by_arn(arn.clone(), vec![("FunctionArn", arn), ("Version", qualifier)])
        }
        "AWS::Lambda::LayerVersion" => {
            let name = names.property("LayerName")?;
            let name = name.unwrap_or_else(|| Text::known(names.logical_id));
            let version = names.chosen("Version", "*", "the number");
            let name = Text::joined([&name, &Text::known(":"), &version]);
            let arn = names.regional("lambda", "layer:", &name);
            by_arn(arn.clone(), vec![("LayerVersionArn", arn)])
        }
        "AWS::SQS::Queue" => {
            let name = names.name("QueueName", 80)?;
            let place = &names.stack.environment.whereabouts;
            let start = format!("https://sqs.{}.amazonaws.com/{}/", place.region, place.account);
            let url = Text::joined([&Text::known(start), &name]);
            let arn = names.regional("sqs", "", &name);
            let attributes = vec![("QueueName", name), ("QueueUrl", url.clone())];
            Identity { reference: url, arn: Some(arn), attributes }
        }
        "AWS::SNS::Topic" => {
            let name = names.name("TopicName", 256)?;
            let arn = names.regional("sns", "", &name);
            by_arn(arn.clone(), vec![("TopicName", name), ("TopicArn", arn)])
        }
        "AWS::SecretsManager::Secret" => {
            let name = names.secret_name()?;
            let suffix = names.chosen("Suffix", "??????", "the end of the ARN");
            let name = Text::joined([&name, &Text::known("-"), &suffix]);
            let arn = names.regional("secretsmanager", "secret:", &name);
            by_arn(arn.clone(), vec![("Id", arn)])
        }
        "AWS::EFS::FileSystem" => {
            let id = names.chosen("FileSystemId", "fs-*", "the id");
            regional("elasticfilesystem", "file-system/", id.clone(), vec![("FileSystemId", id)])
        }
        "AWS::ECR::Repository" => {
            regional("ecr", "repository/", names.name("RepositoryName", 256)?.lower(), Vec::new())
        }
        "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" => {
            let name = names.name("TableName", 255)?;
            let arn = names.regional("dynamodb", "table/", &name);
            let label = names.chosen("StreamLabel", "*", "the label of the stream");
            let stream = Text::joined([&arn, &Text::known("/stream/"), &label]);
            Identity { reference: name, arn: Some(arn), attributes: vec![("StreamArn", stream)] }
        }
        "AWS::Events::Rule" => {
            let name = names.name("Name", 64)?;
            let bus = names.property("EventBusName")?;
            let prefix = match bus.as_ref().map(Text::pattern).as_deref() {
                None | Some("default") => Text::default(),
                Some(_) => Text::joined([&bus.unwrap_or_default(), &Text::known("/")]),
            };
            let arn = names.regional("events", "rule/", &Text::joined([&prefix, &name]));
            Identity { reference: name, arn: Some(arn), attributes: Vec::new() }
        }
        "AWS::StepFunctions::StateMachine" => {
            let name = names.name("StateMachineName", 80)?;
            let arn = names.regional("states", "stateMachine:", &name);
            by_arn(arn, vec![("Name", name)])
        }
        "AWS::Kinesis::Stream" => {
            regional("kinesis", "stream/", names.name("Name", 128)?, Vec::new())
        }
        "AWS::Logs::LogGroup" => {
            let name = names.name("LogGroupName", 512)?;
            let all = Text::joined([&name, &Text::known(":*")]);
            let arn = names.regional("logs", "log-group:", &all);
            Identity { reference: name, arn: Some(arn), attributes: Vec::new() }
        }
        "AWS::CloudFront::Distribution" => {
            let id = names.chosen("Id", "*", "the id");
            let arn = names.of_account("cloudfront", "distribution/", &id);
            Identity { reference: id.clone(), arn: Some(arn), attributes: vec![("Id", id)] }
        }
        "AWS::EC2::VPC" => chosen(names, "VpcId", "vpc-*"),
        "AWS::EC2::VPCEndpoint" => chosen(names, "Id", "vpce-*"),
        _ => Identity {
            reference: names.chosen("Ref", "*", "the name"),
            arn: None,
            attributes: Vec::new(),
        },
    })
}

fn chosen(names: &Names<'_>, attribute: &'static str, form: &str) -> Identity {
    let id = names.chosen(attribute, form, "the id");
    Identity { reference: id.clone(), arn: None, attributes: vec![(attribute, id)] }
}

fn iam(
    names: &Names<'_>,
    kind: &str,
    property: &str,
    longest: usize,
) -> Result<Identity, SourceError> {
    let name = names.name(property, longest)?;
    let path = names.property("Path")?.unwrap_or_else(|| Text::known("/"));
    let resource = Text::joined([&Text::known(kind), &path, &name]);
    let arn = names.of_account("iam", "", &resource);
    Ok(Identity { reference: name, arn: Some(arn), attributes: Vec::new() })
}
