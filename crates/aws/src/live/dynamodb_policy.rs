//! Policies of tables and of their streams, which one API reads and writes. Each state of a policy has a revision, and a
//! write says which one it replaces.

use super::change::Change;
use super::place::Place;
use super::unit::Held;
use super::write_failure::WriteFailure;
use crate::client::client;
use crate::failure::Failure;

/// What a write says that expects no policy.
const NO_POLICY: &str = "NO_POLICY";

/// Reads the policy of a table or stream.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn read(place: &Place, arn: &str) -> Result<Held, Failure> {
    let client = client!(place, aws_sdk_dynamodb);
    let asked = client.get_resource_policy().resource_arn(arn).send();
    let absent = &["PolicyNotFoundException"];
    let answer = place.call_unless("dynamodb:GetResourcePolicy", absent, asked).await?;
    Ok(match answer {
        Some(answer) => Held { text: answer.policy, revision: answer.revision_id },
        None => Held::default(),
    })
}

/// Writes or deletes the policy of a table or stream.
///
/// # Errors
/// When the service refuses.
pub(super) async fn write(change: &Change<'_>) -> Result<(), WriteFailure> {
    let client = client!(change.place, aws_sdk_dynamodb);
    let revision = change.held.revision.as_deref();
    match change.after {
        Some(policy) => {
            let asked = client
                .put_resource_policy()
                .resource_arn(&change.target.arn)
                .policy(policy)
                .expected_revision_id(revision.unwrap_or(NO_POLICY))
                .send();
            change.place.call("dynamodb:PutResourcePolicy", asked).await?;
        }
        None => {
            let asked = client
                .delete_resource_policy()
                .resource_arn(&change.target.arn)
                .set_expected_revision_id(revision.map(str::to_owned))
                .send();
            change.place.call("dynamodb:DeleteResourcePolicy", asked).await?;
        }
    }
    Ok(())
}
