#![doc = include_str!("topic_policy.md")]

use ringfence_response::slot::{Slot, Target};

use crate::client::client;
use crate::failure::Failure;
use crate::live::change::Change;
use crate::live::place::Place;
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::SNS::Topic"],
    is: |slot| matches!(slot, Slot::TopicPolicy),
    list: Listing::One(Slot::TopicPolicy),
    read: |place, target, _| Box::pin(read(place, target)),
    write: |change| Box::pin(write(change)),
    form: Form::Policy,
    read_actions: &["sns:GetTopicAttributes"],
    write_actions: &["sns:SetTopicAttributes"],
};

async fn read(place: &Place, target: &Target) -> Result<Held, Failure> {
    let client = client!(place, aws_sdk_sns);
    let asked = client.get_topic_attributes().topic_arn(&target.arn).send();
    let answer = place.call("sns:GetTopicAttributes", asked).await?;
    Ok(Held::new(answer.attributes.unwrap_or_default().remove("Policy")))
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let client = client!(change.place, aws_sdk_sns);
    let asked = client.set_topic_attributes().topic_arn(&change.target.arn);
    let asked = asked.attribute_name("Policy").attribute_value(change.required()?).send();
    change.place.call("sns:SetTopicAttributes", asked).await?;
    change.written()
}
