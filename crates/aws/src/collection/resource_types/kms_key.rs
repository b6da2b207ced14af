#![doc = include_str!("kms_key.md")]

use aws_sdk_kms::Client;
use aws_sdk_kms::types::{GrantListEntry, KeyListEntry};
use serde_json::{Map, Value, json};

use crate::collection::one::last_part;
use crate::collection::pages::{self, Page};
use crate::collection::place::{Content, Place, client};
use crate::collection::policy_text::policy;
use crate::collection::reading::Reading;
use crate::collection::unit::{Reach, Unit};
use crate::failure::Failure;

pub(super) const RESOURCE_TYPE: Unit = Unit {
    resource_type: Some("AWS::KMS::Key"),
    reach: Reach::Region,
    actions: &[
        "kms:ListKeys",
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:ListAliases",
        "kms:ListGrants",
        "kms:ListResourceTags",
    ],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: Some(|place, arn| Box::pin(read_one(place, arn))),
};

async fn collect(place: Place) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_kms);
    let page = async |token| {
        let listed = client.list_keys().limit(1000).set_marker(token).send();
        let listed = place.call("kms:ListKeys", listed).await?;
        Ok(Page::new(listed.keys, listed.next_marker))
    };
    pages::each("kms:ListKeys", page, |key| read(&place, &client, key)).await
}

async fn read_one(place: Place, arn: String) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_kms);
    let id = last_part(&arn, "key/");
    read(&place, &client, KeyListEntry::builder().key_id(id).key_arn(arn).build()).await;
    Ok(())
}

async fn read(place: &Place, client: &Client, key: KeyListEntry) {
    let Some(id) = key.key_id else { return };
    let mut reading =
        place.reading(key.key_arn.unwrap_or_else(|| place.arn("kms", &format!("key/{id}"))));
    let described = client.describe_key().key_id(&id).send();
    let described = reading.part("kms:DescribeKey", described).await;
    let described = described.and_then(|answer| answer.key_metadata);
    let document = client.get_key_policy().key_id(&id).policy_name("default").send();
    let document = reading.part("kms:GetKeyPolicy", document).await;
    let document = document.and_then(|answer| answer.policy);
    let mut configuration = Map::new();
    if document.is_some() {
        let policies = json!({ "default": policy(document.as_deref()) });
        configuration.insert("keyPolicies".to_owned(), policies);
    }
    let grants = grants(place, client, &mut reading, &id).await;
    if !grants.is_empty() {
        configuration.insert("grants".to_owned(), json!(grants));
    }
    let aliases = aliases(place, client, &mut reading, &id).await;
    let tags = tags(place, client, &mut reading, &id).await;
    let content = Content {
        tags,
        configuration: json!({ "kmsKey": configuration }),
        attributes: json!({
            "Aliases": aliases,
            "KeyManager": described.as_ref().and_then(|key| key.key_manager.as_ref()).map(|it| it.as_str()),
            "KeyState": described.as_ref().and_then(|key| key.key_state.as_ref()).map(|it| it.as_str()),
            "KeyUsage": described.as_ref().and_then(|key| key.key_usage.as_ref()).map(|it| it.as_str()),
            "KeySpec": described.as_ref().and_then(|key| key.key_spec.as_ref()).map(|it| it.as_str()),
            "MultiRegion": described.as_ref().and_then(|key| key.multi_region),
        }),
    };
    reading.write(&id, content);
}

async fn grants(place: &Place, client: &Client, reading: &mut Reading<'_>, id: &str) -> Vec<Value> {
    let page = async |token| {
        let listed = client.list_grants().key_id(id).limit(100).set_marker(token).send();
        let listed = place.call("kms:ListGrants", listed).await?;
        Ok(Page::new(listed.grants, listed.next_marker))
    };
    let mut grants = reading.listing("kms:ListGrants", page).await;
    grants.sort_by(|one, other| one.grant_id.cmp(&other.grant_id));
    // A grant that does not say who issued it comes from the key's own account.
    let own = format!("arn:{}:iam::{}:root", place.account.partition, place.account.id);
    grants.iter().map(|found| grant(found, &own)).collect()
}

fn grant(grant: &GrantListEntry, own: &str) -> Value {
    let operations: Vec<&str> =
        grant.operations.iter().flatten().map(|operation| operation.as_str()).collect();
    let mut written = Map::new();
    written.insert("operations".to_owned(), json!(operations));
    let principals = [
        ("granteePrincipal", grant.grantee_principal.as_deref()),
        ("retiringPrincipal", grant.retiring_principal.as_deref()),
        ("issuingAccount", Some(grant.issuing_account.as_deref().unwrap_or(own))),
    ];
    for (name, principal) in principals {
        if let Some(principal) = principal {
            written.insert(name.to_owned(), json!(principal));
        }
    }
    if let Some(constraints) = &grant.constraints {
        let mut members = Map::new();
        let contexts = [
            ("encryptionContextEquals", &constraints.encryption_context_equals),
            ("encryptionContextSubset", &constraints.encryption_context_subset),
        ];
        for (name, context) in contexts {
            if let Some(context) = context {
                let ordered: std::collections::BTreeMap<_, _> = context.iter().collect();
                members.insert(name.to_owned(), json!(ordered));
            }
        }
        written.insert("constraints".to_owned(), Value::Object(members));
    }
    Value::Object(written)
}

async fn aliases(
    place: &Place,
    client: &Client,
    reading: &mut Reading<'_>,
    id: &str,
) -> Vec<Value> {
    let page = async |token| {
        let listed = client.list_aliases().key_id(id).limit(100).set_marker(token).send();
        let listed = place.call("kms:ListAliases", listed).await?;
        Ok(Page::new(listed.aliases, listed.next_marker))
    };
    let mut aliases = reading.listing("kms:ListAliases", page).await;
    aliases.sort_by(|one, other| one.alias_name.cmp(&other.alias_name));
    let written =
        aliases.iter().map(|it| json!({ "AliasName": it.alias_name, "AliasArn": it.alias_arn }));
    written.collect()
}

async fn tags(
    place: &Place,
    client: &Client,
    reading: &mut Reading<'_>,
    id: &str,
) -> Vec<(String, String)> {
    let page = async |token| {
        let listed = client.list_resource_tags().key_id(id).limit(50).set_marker(token).send();
        let listed = place.call("kms:ListResourceTags", listed).await?;
        Ok(Page::new(listed.tags, listed.next_marker))
    };
    let tags = reading.listing("kms:ListResourceTags", page).await;
    tags.into_iter().map(|tag| (tag.tag_key, tag.tag_value)).collect()
}
