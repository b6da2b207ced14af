#![doc = include_str!("sqs_queue.md")]

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::json;

use crate::collection::one::{last_part, not_listed};
use crate::collection::pages::{self, Page};
use crate::collection::place::{Content, Place, client};
use crate::collection::policy_text::policy;
use crate::collection::unit::{Reach, Unit};
use crate::failure::Failure;

pub(super) const RESOURCE_TYPE: Unit = Unit {
    resource_type: Some("AWS::SQS::Queue"),
    reach: Reach::Region,
    actions: &["sqs:ListQueues", "sqs:GetQueueAttributes", "sqs:ListQueueTags"],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: Some(|place, arn| Box::pin(read_one(place, arn))),
};

async fn collect(place: Place) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_sqs);
    let page = async |token| {
        let listed = client.list_queues().max_results(1000).set_next_token(token);
        let listed = place.call("sqs:ListQueues", listed.send()).await?;
        Ok(Page::new(listed.queue_urls, listed.next_token))
    };
    pages::each("sqs:ListQueues", page, |url| read(&place, &client, url)).await
}

async fn read_one(place: Place, arn: String) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_sqs);
    let name = last_part(&arn, "");
    let page = async |token| {
        let listed = client.list_queues().max_results(1000).queue_name_prefix(&name);
        let listed = place.call("sqs:ListQueues", listed.set_next_token(token).send()).await?;
        Ok(Page::new(listed.queue_urls, listed.next_token))
    };
    let all = pages::all("sqs:ListQueues", page).await?;
    let found = all.into_iter().find(|url| url.rsplit('/').next() == Some(name.as_str()));
    read(&place, &client, found.ok_or_else(|| not_listed("sqs:ListQueues"))?).await;
    Ok(())
}

async fn read(place: &Place, client: &Client, url: String) {
    let name = url.rsplit('/').next().unwrap_or(&url).to_owned();
    let mut queue = place.reading(place.arn("sqs", &name));
    let attributes =
        client.get_queue_attributes().queue_url(&url).attribute_names(QueueAttributeName::All);
    let attributes = queue.part("sqs:GetQueueAttributes", attributes.send()).await;
    let attributes = attributes.and_then(|answer| answer.attributes).unwrap_or_default();
    let tags = client.list_queue_tags().queue_url(&url).send();
    let tags = queue.part("sqs:ListQueueTags", tags).await.and_then(|answer| answer.tags);
    let attribute = |name| attributes.get(&name).map(String::as_str);
    let content = Content {
        tags: tags.unwrap_or_default().into_iter().collect(),
        configuration: json!({
            "sqsQueue": { "queuePolicy": policy(attribute(QueueAttributeName::Policy)) }
        }),
        attributes: json!({
            "QueueUrl": url,
            "KmsMasterKeyId": attribute(QueueAttributeName::KmsMasterKeyId),
        }),
    };
    queue.write(&name, content);
}
