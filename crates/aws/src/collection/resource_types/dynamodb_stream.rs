#![doc = include_str!("dynamodb_stream.md")]

use aws_sdk_dynamodbstreams::types::Stream;
use serde_json::json;

use crate::collection::pages::{self, Page};
use crate::collection::place::{Content, Place, client};
use crate::collection::policy_text::policy;
use crate::collection::unit::{Reach, Unit};
use crate::failure::Failure;

pub(super) const RESOURCE_TYPE: Unit = Unit {
    resource_type: Some("AWS::DynamoDB::Stream"),
    reach: Reach::Region,
    actions: &["dynamodb:ListStreams", "dynamodb:DescribeStream", "dynamodb:GetResourcePolicy"],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: Some(|place, arn| Box::pin(read_one(place, arn))),
};

/// A stream's policy is read through the API of tables.
struct Clients {
    streams: aws_sdk_dynamodbstreams::Client,
    tables: aws_sdk_dynamodb::Client,
}

fn clients(place: &Place) -> Clients {
    Clients {
        streams: client!(place, aws_sdk_dynamodbstreams),
        tables: client!(place, aws_sdk_dynamodb),
    }
}

async fn collect(place: Place) -> Result<(), Failure> {
    let clients = clients(&place);
    let page = async |token| {
        let listed = clients.streams.list_streams().limit(100);
        let listed = listed.set_exclusive_start_stream_arn(token).send();
        let listed = place.call("dynamodb:ListStreams", listed).await?;
        Ok(Page::new(listed.streams, listed.last_evaluated_stream_arn))
    };
    pages::each("dynamodb:ListStreams", page, |stream| read(&place, &clients, stream)).await
}

async fn read_one(place: Place, arn: String) -> Result<(), Failure> {
    let clients = clients(&place);
    let Some((table, label)) = arn.split_once("/stream/") else { return Ok(()) };
    let table = table.rsplit('/').next().unwrap_or_default();
    let stream = Stream::builder().table_name(table).stream_label(label).stream_arn(&arn).build();
    read(&place, &clients, stream).await;
    Ok(())
}

async fn read(place: &Place, clients: &Clients, stream: Stream) {
    let (Some(arn), Some(table)) = (stream.stream_arn, stream.table_name) else { return };
    let label = arn.split("/stream/").nth(1).unwrap_or_default().to_owned();
    let mut reading = place.reading(arn.clone());
    let described = clients.streams.describe_stream().stream_arn(&arn).limit(1).send();
    let described = reading.part("dynamodb:DescribeStream", described).await;
    let view = described.and_then(|answer| answer.stream_description?.stream_view_type);
    let document = clients.tables.get_resource_policy().resource_arn(&arn).send();
    let absent = &["PolicyNotFoundException"];
    let document = reading.part_unless("dynamodb:GetResourcePolicy", absent, document).await;
    let document = document.and_then(|answer| answer.policy);
    let content = Content {
        tags: Vec::new(),
        configuration: json!({ "dynamodbStream": { "streamPolicy": policy(document.as_deref()) } }),
        attributes: json!({
            "TableName": table,
            "StreamLabel": stream.stream_label.as_ref().unwrap_or(&label),
            "StreamViewType": view.map(|view| view.as_str().to_owned()),
        }),
    };
    reading.write(&format!("{table}/{label}"), content);
}
