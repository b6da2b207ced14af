#![doc = include_str!("queue_policy.md")]

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use ringfence_response::slot::{Slot, Target};

use crate::client::client;
use crate::failure::Failure;
use crate::live::arn::after;
use crate::live::change::Change;
use crate::live::place::Place;
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::SQS::Queue"],
    is: |slot| matches!(slot, Slot::QueuePolicy),
    list: Listing::One(Slot::QueuePolicy),
    read: |place, target, _| Box::pin(read(place, target)),
    write: |change| Box::pin(write(change)),
    form: Form::Policy,
    read_actions: &["sqs:GetQueueUrl", "sqs:GetQueueAttributes"],
    write_actions: &["sqs:SetQueueAttributes"],
};

async fn url(place: &Place, client: &Client, target: &Target) -> Result<String, Failure> {
    let asked = client
        .get_queue_url()
        .queue_name(after(&target.arn, "")?)
        .queue_owner_aws_account_id(&target.account)
        .send();
    let answer = place.call("sqs:GetQueueUrl", asked).await?;
    Ok(answer.queue_url.unwrap_or_default())
}

async fn read(place: &Place, target: &Target) -> Result<Held, Failure> {
    let client = client!(place, aws_sdk_sqs);
    let url = url(place, &client, target).await?;
    let name = QueueAttributeName::Policy;
    let asked = client.get_queue_attributes().queue_url(url).attribute_names(name.clone()).send();
    let answer = place.call("sqs:GetQueueAttributes", asked).await?;
    Ok(Held::new(answer.attributes.unwrap_or_default().remove(&name)))
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let client = client!(change.place, aws_sdk_sqs);
    let url = url(change.place, &client, change.target).await?;
    // An empty text takes the policy away.
    let policy = change.after.unwrap_or_default();
    let asked = client.set_queue_attributes().queue_url(url);
    let asked = asked.attributes(QueueAttributeName::Policy, policy).send();
    change.place.call("sqs:SetQueueAttributes", asked).await?;
    change.written()
}
