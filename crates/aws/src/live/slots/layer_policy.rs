#![doc = include_str!("layer_policy.md")]

use aws_sdk_lambda::Client;
use ringfence_response::slot::{Slot, Target};

use crate::client::client;
use crate::failure::{Cause, Failure};
use crate::live::arn::after;
use crate::live::change::Change;
use crate::live::lambda_statements::{Calls, Permission, carry_out, is_imagined, steps};
use crate::live::place::Place;
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::Lambda::LayerVersion"],
    is: |slot| matches!(slot, Slot::LayerPolicy),
    list: Listing::One(Slot::LayerPolicy),
    read: |place, target, _| Box::pin(read(place, target)),
    write: |change| Box::pin(write(change)),
    form: Form::Statements,
    read_actions: &["lambda:GetLayerVersionPolicy"],
    write_actions: &["lambda:AddLayerVersionPermission", "lambda:RemoveLayerVersionPermission"],
};

/// Name and number of a layer's version.
fn parts(target: &Target) -> Result<(&str, i64), Failure> {
    let layer = after(&target.arn, "layer:")?;
    let parts = layer.rsplit_once(':').and_then(|(name, it)| Some((name, it.parse().ok()?)));
    parts.ok_or_else(|| {
        let detail = format!("`{}` names no version", target.arn);
        Failure::new("lambda:GetLayerVersionPolicy", Cause::Other, detail)
    })
}

async fn read(place: &Place, target: &Target) -> Result<Held, Failure> {
    let client = client!(place, aws_sdk_lambda);
    let (name, number) = parts(target)?;
    let asked = client.get_layer_version_policy().layer_name(name).version_number(number).send();
    let absent = &["ResourceNotFoundException"];
    let answer = place.call_unless("lambda:GetLayerVersionPolicy", absent, asked).await?;
    Ok(match answer {
        Some(answer) => Held { text: answer.policy, revision: answer.revision_id },
        None => Held::default(),
    })
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let steps = steps(&change)?;
    let (name, number) = parts(change.target)?;
    let revision = change.held.revision.clone();
    let client = client!(change.place, aws_sdk_lambda);
    let (place, target) = (change.place, change.target);
    carry_out(steps, &mut Layer { client, place, target, name, number, revision }).await?;
    change.written()
}

struct Layer<'a> {
    client: Client,
    place: &'a Place,
    target: &'a Target,
    name: &'a str,
    number: i64,
    revision: Option<String>,
}

impl Layer<'_> {
    /// Each call gives the policy another revision, which only reading tells.
    async fn next(&mut self) -> Result<(), WriteFailure> {
        self.revision = read(self.place, self.target).await?.revision;
        Ok(())
    }
}

impl Calls for Layer<'_> {
    async fn remove(&mut self, sid: &str) -> Result<(), WriteFailure> {
        let asked = self
            .client
            .remove_layer_version_permission()
            .layer_name(self.name)
            .version_number(self.number)
            .statement_id(sid);
        let action = "lambda:RemoveLayerVersionPermission";
        let named = asked.clone().set_revision_id(self.revision.clone()).send();
        if let Err(failure) = self.place.call(action, named).await {
            let now = read(self.place, self.target).await?;
            if !is_imagined(&failure, self.revision.as_deref(), &now) {
                return Err(failure.into());
            }
            self.place.call(action, asked.send()).await?;
        }
        self.next().await
    }

    async fn add(&mut self, permission: &Permission) -> Result<(), WriteFailure> {
        if !permission.is_plain() {
            let detail = format!("`{}` has conditions that a layer cannot have", permission.sid);
            return Err(WriteFailure::Malformed { detail });
        }
        let asked = self
            .client
            .add_layer_version_permission()
            .layer_name(self.name)
            .version_number(self.number)
            .statement_id(&permission.sid)
            .action(&permission.action)
            .principal(&permission.principal)
            .set_organization_id(permission.principal_org_id.clone())
            .set_revision_id(self.revision.clone())
            .send();
        self.place.call("lambda:AddLayerVersionPermission", asked).await?;
        self.next().await
    }
}
