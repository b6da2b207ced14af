#![doc = include_str!("dynamodb_table.md")]

use aws_sdk_dynamodb::Client;
use serde_json::{Value, json};

use crate::collection::one::last_part;
use crate::collection::pages::{self, Page};
use crate::collection::place::{Content, Place, client};
use crate::collection::policy_text::policy;
use crate::collection::unit::{Reach, Unit};
use crate::failure::Failure;

pub(super) const RESOURCE_TYPE: Unit = Unit {
    resource_type: Some("AWS::DynamoDB::Table"),
    reach: Reach::Region,
    actions: &[
        "dynamodb:ListTables",
        "dynamodb:DescribeTable",
        "dynamodb:GetResourcePolicy",
        "dynamodb:ListTagsOfResource",
    ],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: Some(|place, arn| Box::pin(read_one(place, arn))),
};

async fn collect(place: Place) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_dynamodb);
    let page = async |token| {
        let listed = client.list_tables().limit(100).set_exclusive_start_table_name(token).send();
        let listed = place.call("dynamodb:ListTables", listed).await?;
        Ok(Page::new(listed.table_names, listed.last_evaluated_table_name))
    };
    pages::each("dynamodb:ListTables", page, |name| read(&place, &client, name)).await
}

async fn read_one(place: Place, arn: String) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_dynamodb);
    read(&place, &client, last_part(&arn, "table/")).await;
    Ok(())
}

async fn read(place: &Place, client: &Client, name: String) {
    let arn = place.arn("dynamodb", &format!("table/{name}"));
    let mut reading = place.reading(arn.clone());
    let described = client.describe_table().table_name(&name).send();
    let described = reading.part("dynamodb:DescribeTable", described).await;
    let described = described.and_then(|answer| answer.table);
    let document = client.get_resource_policy().resource_arn(&arn).send();
    let absent = &["PolicyNotFoundException"];
    let document = reading.part_unless("dynamodb:GetResourcePolicy", absent, document).await;
    let document = document.and_then(|answer| answer.policy);
    let page = async |token| {
        let listed = client.list_tags_of_resource().resource_arn(&arn).set_next_token(token);
        let listed = place.call("dynamodb:ListTagsOfResource", listed.send()).await?;
        Ok(Page::new(listed.tags, listed.next_token))
    };
    let tags = reading.listing("dynamodb:ListTagsOfResource", page).await;
    let encryption = described.as_ref().and_then(|table| table.sse_description.as_ref());
    let content = Content {
        tags: tags.into_iter().map(|tag| (tag.key, tag.value)).collect(),
        configuration: json!({ "dynamodbTable": { "tablePolicy": policy(document.as_deref()) } }),
        attributes: json!({
            "LatestStreamArn": described.as_ref().and_then(|table| table.latest_stream_arn.as_ref()),
            "SSEDescription": encryption.map_or(Value::Null, |it| json!({
                "Status": it.status.as_ref().map(|status| status.as_str()),
                "SSEType": it.sse_type.as_ref().map(|kind| kind.as_str()),
                "KMSMasterKeyArn": it.kms_master_key_arn,
            })),
        }),
    };
    reading.write(&name, content);
}
