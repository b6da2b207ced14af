#![doc = include_str!("table_policy.md")]

use ringfence_response::slot::{Slot, Target};

use crate::failure::Failure;
use crate::live::change::Change;
use crate::live::dynamodb_policy;
use crate::live::place::Place;
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::DynamoDB::Table"],
    is: |slot| matches!(slot, Slot::TablePolicy),
    list: Listing::One(Slot::TablePolicy),
    read: |place, target, _| Box::pin(read(place, target)),
    write: |change| Box::pin(write(change)),
    form: Form::Policy,
    read_actions: &["dynamodb:GetResourcePolicy"],
    write_actions: &["dynamodb:PutResourcePolicy", "dynamodb:DeleteResourcePolicy"],
};

async fn read(place: &Place, target: &Target) -> Result<Held, Failure> {
    dynamodb_policy::read(place, &target.arn).await
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    dynamodb_policy::write(&change).await?;
    change.written()
}
