//! What templates come to: the pages in `templates` show it, each template followed by its environment.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use ringfence_access::inventory::{Configuration, Inventory, PolicySource, Resource};
use ringfence_policy::AccountId;
use ringfence_sources::{CloudFormationOptions, MissingParameters, read_cloudformation};

/// Words behind the language of a block are parameters; `?` leaves the others unknown.
fn options(info: &str) -> CloudFormationOptions {
    let words = info.split_whitespace();
    let parameters = words.clone().filter_map(|word| word.split_once('='));
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    CloudFormationOptions {
        account: AccountId::new("111122223333").unwrap(),
        region: "eu-west-1".to_owned(),
        stack_name: "pay".to_owned(),
        parameters: parameters.map(owned).collect(),
        missing_parameters: match words.clone().any(|word| word == "?") {
            true => MissingParameters::Unknown,
            false => MissingParameters::Refuse,
        },
        imports: BTreeMap::from([("shared-Partner".to_owned(), "222233334444".to_owned())]),
    }
}

fn policy(text: &mut String, name: &str, source: Option<&PolicySource>) {
    let Some(source) = source else { return };
    let place = source.position(0);
    writeln!(text, "  {name} ({}:{})", place.line, place.column).unwrap();
    for line in source.decoded().unwrap().lines() {
        writeln!(text, "    {line}").unwrap();
    }
}

fn resource(text: &mut String, inventory: &Inventory, own: &Resource) {
    writeln!(text, "{} {}", own.resource_type(), own.arn).unwrap();
    match &own.configuration {
        Configuration::S3Bucket(bucket) => {
            policy(text, "policy", bucket.bucket_policy.as_ref());
            let block = bucket.public_access_block;
            if block != Default::default() {
                writeln!(text, "  {block:?}").unwrap();
            }
            writeln!(text, "  {:?}", bucket.object_ownership).unwrap();
            for grant in &bucket.bucket_acl_grants {
                writeln!(text, "  {:?} {:?}", grant.permission, grant.grantee).unwrap();
            }
            for (arn, point) in &bucket.access_points {
                writeln!(text, "  access point {arn} {:?}", point.network_origin).unwrap();
                policy(text, "policy", point.access_point_policy.as_ref());
            }
        }
        Configuration::S3ExpressDirectoryBucket(own) => {
            policy(text, "policy", own.bucket_policy.as_ref());
        }
        Configuration::IamRole(own) => policy(text, "trust policy", Some(&own.trust_policy)),
        Configuration::KmsKey(own) => {
            policy(text, "policy", own.key_policy.as_ref());
            writeln!(text, "  aliases {:?}", own.aliases).unwrap();
        }
        Configuration::LambdaFunction(own) => {
            policy(text, "policy", own.function_policy.as_ref());
            if let Some(auth_type) = own.function_url_auth_type {
                writeln!(text, "  URL {auth_type:?}").unwrap();
            }
        }
        Configuration::LambdaLayerVersion(own) => policy(text, "policy", own.layer_policy.as_ref()),
        Configuration::SqsQueue(own) => policy(text, "policy", own.queue_policy.as_ref()),
        Configuration::SnsTopic(own) => policy(text, "policy", own.topic_policy.as_ref()),
        Configuration::SecretsManagerSecret(own) => {
            policy(text, "policy", own.secret_policy.as_ref());
            writeln!(text, "  key {:?}", own.kms_key_id).unwrap();
        }
        Configuration::EfsFileSystem(own) => {
            policy(text, "policy", own.file_system_policy.as_ref())
        }
        Configuration::EcrRepository(own) => policy(text, "policy", own.repository_policy.as_ref()),
        Configuration::DynamodbTable(own) => policy(text, "policy", own.table_policy.as_ref()),
        Configuration::DynamodbStream(own) => policy(text, "policy", own.stream_policy.as_ref()),
        other => writeln!(text, "  {other:?}").unwrap(),
    }
    let key = (own.arn.clone(), own.position);
    for own in inventory.assumptions.get(&key).into_iter().flatten() {
        let statement =
            own.statement.map(|at| format!(" for the statement at {}:{}", at.line, at.column));
        let at = own.position;
        let statement = statement.unwrap_or_default();
        writeln!(text, "  rests on: {} ({}:{}){statement}", own.reason, at.line, at.column)
            .unwrap();
    }
}

fn identities(text: &mut String, inventory: &Inventory) {
    let details = inventory.accounts.values().filter_map(|own| own.authorization_details.as_ref());
    for details in details {
        let roles = details.roles.values().map(|own| (&own.arn, &own.policies));
        let users = details.users.values().map(|own| (&own.arn, &own.policies));
        let groups = details.groups.values().map(|own| (&own.arn, &own.policies));
        for (arn, policies) in roles.chain(users).chain(groups) {
            for attached in &policies.attached {
                writeln!(text, "{arn} has {attached}").unwrap();
            }
            for inline in &policies.inline {
                writeln!(text, "{arn}").unwrap();
                policy(text, &inline.name, Some(&inline.policy));
            }
        }
        for own in details.policies.values() {
            writeln!(text, "{}", own.arn).unwrap();
            policy(text, "managed policy", Some(&own.policy));
        }
    }
}

#[test]
fn pages() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/templates");
    let scratch: PathBuf =
        std::env::temp_dir().join(format!("ringfence-pages-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).unwrap();
    ringfence_page_test::run(folder, &[], |block| {
        let path = scratch.join(format!("template.{}", block.language));
        std::fs::write(&path, block.content).unwrap();
        let mut text = String::new();
        match read_cloudformation(&path, &options(block.info)) {
            Err(error) => writeln!(text, "error: {error}").unwrap(),
            Ok(change) => {
                let inventory = change.inventory;
                inventory.resources.iter().for_each(|own| resource(&mut text, &inventory, own));
                identities(&mut text, &inventory);
                for entry in &inventory.not_analyzed {
                    let at = entry.position.unwrap();
                    let kind = entry.resource_type.as_deref().unwrap_or("template");
                    writeln!(
                        text,
                        "not analyzed: {kind} ({}:{}): {}",
                        at.line, at.column, entry.reason
                    )
                    .unwrap();
                }
            }
        }
        text.replace(&*scratch.to_string_lossy(), "…")
    });
    std::fs::remove_dir_all(&scratch).unwrap();
}
