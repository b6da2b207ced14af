#![doc = include_str!("role_trust_policy.md")]

use percent_encoding::percent_decode_str;
use ringfence_response::slot::{Slot, Target};

use crate::client::client;
use crate::failure::Failure;
use crate::live::arn::role_name;
use crate::live::change::Change;
use crate::live::place::Place;
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::IAM::Role"],
    is: |slot| matches!(slot, Slot::RoleTrustPolicy),
    list: Listing::One(Slot::RoleTrustPolicy),
    read: |place, target, _| Box::pin(read(place, target)),
    write: |change| Box::pin(write(change)),
    form: Form::Policy,
    read_actions: &["iam:GetRole"],
    write_actions: &["iam:UpdateAssumeRolePolicy"],
};

async fn read(place: &Place, target: &Target) -> Result<Held, Failure> {
    let client = client!(place, aws_sdk_iam);
    let asked = client.get_role().role_name(role_name(target)?).send();
    let role = place.call("iam:GetRole", asked).await?.role;
    let document = role.and_then(|role| role.assume_role_policy_document);
    let decoded = document.map(|text| percent_decode_str(&text).decode_utf8_lossy().into_owned());
    Ok(Held::new(decoded))
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let client = client!(change.place, aws_sdk_iam);
    let asked = client
        .update_assume_role_policy()
        .role_name(role_name(change.target)?)
        .policy_document(change.required()?)
        .send();
    change.place.call("iam:UpdateAssumeRolePolicy", asked).await?;
    change.written()
}
