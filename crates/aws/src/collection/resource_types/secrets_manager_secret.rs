#![doc = include_str!("secrets_manager_secret.md")]

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::types::{Filter, FilterNameStringType, SecretListEntry};
use serde_json::json;

use crate::collection::one::{last_part, not_listed};
use crate::collection::pages::{self, Page};
use crate::collection::place::{Content, Place, client};
use crate::collection::policy_text::policy;
use crate::collection::unit::{Reach, Unit};
use crate::failure::Failure;

pub(super) const RESOURCE_TYPE: Unit = Unit {
    resource_type: Some("AWS::SecretsManager::Secret"),
    reach: Reach::Region,
    actions: &["secretsmanager:ListSecrets", "secretsmanager:GetResourcePolicy"],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: Some(|place, arn| Box::pin(read_one(place, arn))),
};

async fn collect(place: Place) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_secretsmanager);
    let page = async |token| {
        let listed = client.list_secrets().max_results(100).set_next_token(token).send();
        let listed = place.call("secretsmanager:ListSecrets", listed).await?;
        Ok(Page::new(listed.secret_list, listed.next_token))
    };
    pages::each("secretsmanager:ListSecrets", page, |secret| read(&place, &client, secret)).await
}

async fn read_one(place: Place, arn: String) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_secretsmanager);
    // AWS puts a hyphen and six characters behind the name.
    let name = last_part(&arn, "secret:");
    let name = name.rsplit_once('-').map_or(name.as_str(), |(name, _)| name);
    let page = async |token| {
        let filter = Filter::builder().key(FilterNameStringType::Name).values(name).build();
        let listed = client.list_secrets().max_results(100).filters(filter).set_next_token(token);
        let listed = place.call("secretsmanager:ListSecrets", listed.send()).await?;
        Ok(Page::new(listed.secret_list, listed.next_token))
    };
    let all = pages::all("secretsmanager:ListSecrets", page).await?;
    let found = all.into_iter().find(|own| own.arn.as_deref() == Some(arn.as_str()));
    read(&place, &client, found.ok_or_else(|| not_listed("secretsmanager:ListSecrets"))?).await;
    Ok(())
}

async fn read(place: &Place, client: &Client, secret: SecretListEntry) {
    let Some(arn) = secret.arn else { return };
    // The name may hold anything, the part of the ARN has the suffix that tells namesakes apart.
    let name = arn.splitn(7, ':').last().unwrap_or(&arn).to_owned();
    let mut reading = place.reading(arn.clone());
    let document = client.get_resource_policy().secret_id(&arn).send();
    let document = reading.part("secretsmanager:GetResourcePolicy", document).await;
    let mut configuration = json!({
        "secretPolicy": policy(document.and_then(|answer| answer.resource_policy).as_deref())
    });
    if let (Some(members), Some(key)) = (configuration.as_object_mut(), secret.kms_key_id) {
        members.insert("kmsKeyId".to_owned(), json!(key));
    }
    let tags = secret.tags.unwrap_or_default().into_iter();
    let content = Content {
        tags: tags
            .map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()))
            .collect(),
        configuration: json!({ "secretsManagerSecret": configuration }),
        attributes: json!({ "Name": secret.name }),
    };
    reading.write(&name, content);
}
