#![doc = include_str!("key_policy.md")]

use ringfence_response::slot::{Slot, Target};

use crate::client::client;
use crate::failure::Failure;
use crate::live::change::Change;
use crate::live::place::Place;
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::KMS::Key"],
    is: |slot| matches!(slot, Slot::KeyPolicy),
    list: Listing::One(Slot::KeyPolicy),
    read: |place, target, _| Box::pin(read(place, target)),
    write: |change| Box::pin(write(change)),
    form: Form::Policy,
    read_actions: &["kms:GetKeyPolicy"],
    write_actions: &["kms:PutKeyPolicy"],
};

/// The only name that a key's policy can have.
const NAME: &str = "default";

async fn read(place: &Place, target: &Target) -> Result<Held, Failure> {
    let client = client!(place, aws_sdk_kms);
    let asked = client.get_key_policy().key_id(&target.arn).policy_name(NAME).send();
    Ok(Held::new(place.call("kms:GetKeyPolicy", asked).await?.policy))
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let client = client!(change.place, aws_sdk_kms);
    let asked = client.put_key_policy().key_id(&change.target.arn).policy_name(NAME);
    let asked = asked.policy(change.required()?).send();
    change.place.call("kms:PutKeyPolicy", asked).await?;
    change.written()
}
