#![doc = include_str!("repository_policy.md")]

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
    resource_types: &["AWS::ECR::Repository"],
    is: |slot| matches!(slot, Slot::RepositoryPolicy),
    list: Listing::One(Slot::RepositoryPolicy),
    read: |place, target, _| Box::pin(read(place, target)),
    write: |change| Box::pin(write(change)),
    form: Form::Policy,
    read_actions: &["ecr:GetRepositoryPolicy"],
    write_actions: &["ecr:SetRepositoryPolicy", "ecr:DeleteRepositoryPolicy"],
};

async fn read(place: &Place, target: &Target) -> Result<Held, Failure> {
    let client = client!(place, aws_sdk_ecr);
    let asked = client
        .get_repository_policy()
        .registry_id(&target.account)
        .repository_name(after(&target.arn, "repository/")?)
        .send();
    let absent = &["RepositoryPolicyNotFoundException"];
    let answer = place.call_unless("ecr:GetRepositoryPolicy", absent, asked).await?;
    Ok(Held::new(answer.and_then(|answer| answer.policy_text)))
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let client = client!(change.place, aws_sdk_ecr);
    let (target, name) = (change.target, after(&change.target.arn, "repository/")?);
    match change.after {
        Some(policy) => {
            let asked = client.set_repository_policy().registry_id(&target.account);
            let asked = asked.repository_name(name).policy_text(policy).send();
            change.place.call("ecr:SetRepositoryPolicy", asked).await?;
        }
        None => {
            let asked = client.delete_repository_policy().registry_id(&target.account);
            let asked = asked.repository_name(name).send();
            change.place.call("ecr:DeleteRepositoryPolicy", asked).await?;
        }
    }
    change.written()
}
