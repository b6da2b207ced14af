//! The environment with a proposed configuration in it.
//!
//! Members that a proposal leaves out keep what an existing resource has, and have AWS's defaults for a new one:
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Configuration.html>

use std::fs;

use ringfence_access::inventory::{Configuration, Inventory, Resource, ResourceType};
use ringfence_findings::analyzer::Analyzer;
use ringfence_policy::{AccountId, Arn};
use ringfence_sources::{ResourceText, read_resource};
use serde_json::{Map, Value, json};

/// The member of AWS's `Configuration` for each type.
const TYPES: [(&str, &str); 14] = [
    ("ebsSnapshot", "AWS::EC2::Snapshot"),
    ("ecrRepository", "AWS::ECR::Repository"),
    ("iamRole", "AWS::IAM::Role"),
    ("efsFileSystem", "AWS::EFS::FileSystem"),
    ("kmsKey", "AWS::KMS::Key"),
    ("rdsDbClusterSnapshot", "AWS::RDS::DBClusterSnapshot"),
    ("rdsDbSnapshot", "AWS::RDS::DBSnapshot"),
    ("secretsManagerSecret", "AWS::SecretsManager::Secret"),
    ("s3Bucket", "AWS::S3::Bucket"),
    ("snsTopic", "AWS::SNS::Topic"),
    ("sqsQueue", "AWS::SQS::Queue"),
    ("s3ExpressDirectoryBucket", "AWS::S3Express::DirectoryBucket"),
    ("dynamodbStream", "AWS::DynamoDB::Stream"),
    ("dynamodbTable", "AWS::DynamoDB::Table"),
];

/// The inventory with the resource as it is proposed.
///
/// # Errors
/// What is wrong with the proposal.
pub(super) fn applied(
    mut inventory: Inventory,
    analyzer: &Analyzer,
    region: &str,
    arn: &str,
    proposal: &Value,
) -> Result<Inventory, String> {
    let Some((member, proposed)) = proposal.as_object().and_then(|own| own.iter().next()) else {
        return Err("the configuration is empty".to_owned());
    };
    let Some((_, resource_type)) = TYPES.iter().find(|(name, _)| name == member) else {
        return Err(format!("`{member}` is no configuration"));
    };
    let account = AccountId::new(&analyzer.account).ok_or("the analyzer has no account")?;
    let kind =
        ResourceType::parse(resource_type).ok_or("resources of the type are not analyzed")?;
    let existing = inventory.resources.remove(kind, arn);
    let existing = existing.as_deref();
    if existing.is_some_and(|own| own.account != account) {
        return Err("the resource belongs to another account".to_owned());
    }
    let mut document = existing.map_or_else(|| json!({}), |own| described(own, member));
    let members = merged(member, document.pointer(&format!("/configuration/{member}")), proposed)?;
    set(&mut document, "resourceType", json!(resource_type));
    set(&mut document, "arn", json!(arn));
    set(&mut document, "configuration", json!({ member: members }));
    let named = Arn::parse(arn).map(|own| own.region).filter(|own| !own.is_empty());
    let region = match (*resource_type, named) {
        ("AWS::IAM::Role", _) => "global".to_owned(),
        (_, Some(named)) => named,
        (_, None) => region.to_owned(),
    };
    let text = document.to_string();
    let resource = read_resource(&ResourceText {
        name: "the proposed configuration",
        text: &text,
        account: &account,
        region: &region,
        resource_type,
        partition: inventory.partition,
    })?;
    inventory.resources.put(resource);
    Ok(inventory)
}

/// What the source says of a resource, as its file has it.
fn described(existing: &Resource, member: &str) -> Value {
    let text = fs::read_to_string(existing.file.as_ref()).unwrap_or_default();
    let document: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    if document.get("arn").and_then(Value::as_str) == Some(&existing.arn) {
        return document;
    }
    match &existing.configuration {
        // Roles stand in the file of their account.
        Configuration::IamRole(role) => {
            let policy = role.trust_policy.decoded().map(std::borrow::Cow::into_owned);
            json!({ "configuration": { member: { "trustPolicy": policy.unwrap_or_default() } } })
        }
        _ => json!({}),
    }
}

/// The members of the configuration as they would be.
fn merged(member: &str, existing: Option<&Value>, proposed: &Value) -> Result<Value, String> {
    let mut members = match existing.and_then(Value::as_object) {
        Some(existing) => existing.clone(),
        None => defaults(member),
    };
    for (name, value) in proposed.as_object().into_iter().flatten() {
        match value.as_str() {
            // An empty text takes a policy away.
            Some("") => {
                members.shift_remove(name);
            }
            _ => {
                members.insert(name.clone(), value.clone());
            }
        }
    }
    if proposed.get("accessPoints").is_some() {
        closed_access_points(member, &mut members);
    }
    match member {
        "iamRole" if !members.contains_key("trustPolicy") => {
            Err("a role has a trust policy".to_owned())
        }
        "kmsKey" if key_policy_is_empty(&members) => Err("a key has a key policy".to_owned()),
        _ => Ok(Value::Object(members)),
    }
}

/// What AWS assumes of a new resource.
fn defaults(member: &str) -> Map<String, Value> {
    let members = match member {
        "s3Bucket" => json!({
            "bucketPublicAccessBlock": { "ignorePublicAcls": false, "restrictPublicBuckets": false },
        }),
        // Without a policy of its own a new key gets AWS's default, which lets nobody from outside in.
        "kmsKey" => {
            json!({ "keyPolicies": { "default": "{\"Version\":\"2012-10-17\",\"Statement\":[]}" } })
        }
        _ => json!({}),
    };
    members.as_object().cloned().unwrap_or_default()
}

/// Access points of buckets block public access unless they say otherwise.
fn closed_access_points(member: &str, members: &mut Map<String, Value>) {
    if member != "s3Bucket" {
        return;
    }
    let points = members.get_mut("accessPoints").and_then(Value::as_object_mut);
    for (_, point) in points.into_iter().flatten() {
        if let Value::Object(point) = point {
            let blocked = || json!({ "ignorePublicAcls": true, "restrictPublicBuckets": true });
            point.entry("publicAccessBlock").or_insert_with(blocked);
            point.entry("networkOrigin").or_insert_with(|| json!({ "internetConfiguration": {} }));
        }
    }
}

fn key_policy_is_empty(members: &Map<String, Value>) -> bool {
    let policy = members.get("keyPolicies").and_then(|own| own.get("default"));
    policy.and_then(Value::as_str).is_none_or(str::is_empty)
}

fn set(document: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = document {
        members.insert(name.to_owned(), value);
    }
}
