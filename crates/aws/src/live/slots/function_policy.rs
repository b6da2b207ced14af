#![doc = include_str!("function_policy.md")]

use aws_sdk_lambda::Client;
use aws_sdk_lambda::types::FunctionUrlAuthType;
use ringfence_response::slot::{Slot, Target};

use crate::client::client;
use crate::failure::Failure;
use crate::live::arn::after;
use crate::live::change::Change;
use crate::live::lambda_statements::{Calls, Permission, carry_out, is_imagined, steps};
use crate::live::place::Place;
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::Lambda::Function"],
    is: |slot| matches!(slot, Slot::FunctionPolicy),
    list: Listing::One(Slot::FunctionPolicy),
    read: |place, target, _| Box::pin(read(place, target)),
    write: |change| Box::pin(write(change)),
    form: Form::Statements,
    read_actions: &["lambda:GetPolicy"],
    write_actions: &["lambda:AddPermission", "lambda:RemovePermission"],
};

/// Name and qualifier of a function.
fn parts(target: &Target) -> Result<(&str, Option<String>), Failure> {
    let name = after(&target.arn, "function:")?;
    Ok(match name.split_once(':') {
        Some((name, qualifier)) => (name, Some(qualifier.to_owned())),
        None => (name, None),
    })
}

async fn read(place: &Place, target: &Target) -> Result<Held, Failure> {
    let client = client!(place, aws_sdk_lambda);
    let (name, qualifier) = parts(target)?;
    let asked = client.get_policy().function_name(name).set_qualifier(qualifier).send();
    match place.call("lambda:GetPolicy", asked).await {
        Ok(answer) => Ok(Held { text: answer.policy, revision: answer.revision_id }),
        // The same code says that there is no function.
        Err(failure)
            if failure.code == "ResourceNotFoundException"
                && !failure.detail.contains("Function not found") =>
        {
            Ok(Held::default())
        }
        Err(failure) => Err(failure),
    }
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let steps = steps(&change)?;
    let (name, qualifier) = parts(change.target)?;
    let revision = change.held.revision.clone();
    let client = client!(change.place, aws_sdk_lambda);
    let (place, target) = (change.place, change.target);
    carry_out(steps, &mut Function { client, place, target, name, qualifier, revision }).await?;
    change.written()
}

struct Function<'a> {
    client: Client,
    place: &'a Place,
    target: &'a Target,
    name: &'a str,
    qualifier: Option<String>,
    revision: Option<String>,
}

impl Function<'_> {
    /// Each call gives the policy another revision, which only reading tells.
    async fn next(&mut self) -> Result<(), WriteFailure> {
        self.revision = read(self.place, self.target).await?.revision;
        Ok(())
    }
}

impl Calls for Function<'_> {
    async fn remove(&mut self, sid: &str) -> Result<(), WriteFailure> {
        let asked = self
            .client
            .remove_permission()
            .function_name(self.name)
            .set_qualifier(self.qualifier.clone())
            .statement_id(sid);
        let action = "lambda:RemovePermission";
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
        let added = permission.clone();
        let auth_type = added.function_url_auth_type.as_deref().map(FunctionUrlAuthType::from);
        let asked = self
            .client
            .add_permission()
            .function_name(self.name)
            .set_qualifier(self.qualifier.clone())
            .statement_id(added.sid)
            .action(added.action)
            .principal(added.principal)
            .set_source_arn(added.source_arn)
            .set_source_account(added.source_account)
            .set_principal_org_id(added.principal_org_id)
            .set_event_source_token(added.event_source_token)
            .set_function_url_auth_type(auth_type)
            .set_invoked_via_function_url(added.invoked_via_function_url)
            .set_revision_id(self.revision.clone())
            .send();
        self.place.call("lambda:AddPermission", asked).await?;
        self.next().await
    }
}
