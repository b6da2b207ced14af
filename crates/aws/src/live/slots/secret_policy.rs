#![doc = include_str!("secret_policy.md")]

use ringfence_response::slot::{Slot, Target};

use crate::client::client;
use crate::failure::Failure;
use crate::live::change::Change;
use crate::live::place::Place;
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::SecretsManager::Secret"],
    is: |slot| matches!(slot, Slot::SecretPolicy),
    list: Listing::One(Slot::SecretPolicy),
    read: |place, target, _| Box::pin(read(place, target)),
    write: |change| Box::pin(write(change)),
    form: Form::Policy,
    read_actions: &["secretsmanager:GetResourcePolicy"],
    write_actions: &["secretsmanager:PutResourcePolicy", "secretsmanager:DeleteResourcePolicy"],
};

async fn read(place: &Place, target: &Target) -> Result<Held, Failure> {
    let client = client!(place, aws_sdk_secretsmanager);
    let asked = client.get_resource_policy().secret_id(&target.arn).send();
    let answer = place.call("secretsmanager:GetResourcePolicy", asked).await?;
    Ok(Held::new(answer.resource_policy))
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let client = client!(change.place, aws_sdk_secretsmanager);
    match change.after {
        Some(policy) => {
            let asked = client.put_resource_policy().secret_id(&change.target.arn);
            let asked = asked.resource_policy(policy).send();
            change.place.call("secretsmanager:PutResourcePolicy", asked).await?;
        }
        None => {
            let asked = client.delete_resource_policy().secret_id(&change.target.arn).send();
            change.place.call("secretsmanager:DeleteResourcePolicy", asked).await?;
        }
    }
    change.written()
}
