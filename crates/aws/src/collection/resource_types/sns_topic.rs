#![doc = include_str!("sns_topic.md")]

use aws_sdk_sns::Client;
use aws_sdk_sns::types::Topic;
use serde_json::json;

use crate::collection::pages::{self, Page};
use crate::collection::place::{Content, Place, client};
use crate::collection::policy_text::policy;
use crate::collection::unit::{Reach, Unit};
use crate::failure::Failure;

pub(super) const RESOURCE_TYPE: Unit = Unit {
    resource_type: Some("AWS::SNS::Topic"),
    reach: Reach::Region,
    actions: &["sns:ListTopics", "sns:GetTopicAttributes", "sns:ListTagsForResource"],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: Some(|place, arn| Box::pin(read_one(place, arn))),
};

async fn collect(place: Place) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_sns);
    let page = async |token| {
        let listed = client.list_topics().set_next_token(token).send();
        let listed = place.call("sns:ListTopics", listed).await?;
        Ok(Page::new(listed.topics, listed.next_token))
    };
    pages::each("sns:ListTopics", page, |topic| read(&place, &client, topic)).await
}

async fn read_one(place: Place, arn: String) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_sns);
    read(&place, &client, Topic::builder().topic_arn(arn).build()).await;
    Ok(())
}

async fn read(place: &Place, client: &Client, topic: Topic) {
    let Some(arn) = topic.topic_arn else { return };
    let name = arn.rsplit(':').next().unwrap_or(&arn).to_owned();
    let mut reading = place.reading(arn.clone());
    let attributes = client.get_topic_attributes().topic_arn(&arn).send();
    let attributes = reading.part("sns:GetTopicAttributes", attributes).await;
    let attributes = attributes.and_then(|answer| answer.attributes).unwrap_or_default();
    let tags = client.list_tags_for_resource().resource_arn(&arn).send();
    let tags = reading.part("sns:ListTagsForResource", tags).await.and_then(|answer| answer.tags);
    let attribute = |name| attributes.get(name).map(String::as_str);
    let content = Content {
        tags: tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect(),
        configuration: json!({ "snsTopic": { "topicPolicy": policy(attribute("Policy")) } }),
        attributes: json!({ "KmsMasterKeyId": attribute("KmsMasterKeyId") }),
    };
    reading.write(&name, content);
}
