//! What people do with resolutions, whichever way they come: by a command, a signed request or the link in a mail.

use jiff::Timestamp;
use ringfence_response::workflow::resolution::{Resolution, Wish};
use ringfence_response::workflow::transition::{Happening, Separation};
use ringfence_store::resolutions::{Circumstances, Moved, STOPPED};
use ringfence_store::{Act, Store, StoreError};
use serde_json::{Value, json};

/// What somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// To approve the plan with this hash, or the one there is.
    Approve {
        /// The hash, or its beginning.
        plan_hash: Option<String>,
    },
    /// To reject it.
    Reject,
    /// To have it undone.
    Rollback,
    /// To say that the access was intended.
    Intended,
    /// To see what the role is and what else uses it.
    LookAtRole,
    /// To have the role deleted.
    DeleteRole,
}

/// Why somebody does not get what they want.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It does not fit.
    #[error("{0}")]
    Refused(String),
}

/// Lets `who` do something with a resolution. What has to be written to an account is done by the service that runs,
/// soon after.
///
/// # Errors
/// Where there is no such resolution, or what is wanted does not fit.
pub async fn ask(
    store: &Store,
    id: &str,
    request: &Request,
    who: &str,
    separation: Separation,
    by_link: Option<&str>,
) -> Result<Resolution, DeskError> {
    let before = store.resolution(id).await?;
    let who = who.to_owned();
    let happening = match request {
        Request::Approve { plan_hash } => {
            let plan_hash = match plan_hash {
                Some(seen) if seen.len() >= 8 && before.plan_hash.starts_with(seen.as_str()) => {
                    before.plan_hash.clone()
                }
                Some(seen) => seen.clone(),
                None => before.plan_hash.clone(),
            };
            Happening::Approve { who: who.clone(), plan_hash, separation }
        }
        Request::Reject => Happening::Reject { who: who.clone() },
        Request::Rollback => Happening::Ask(Wish::Rollback { who: who.clone() }),
        Request::Intended => {
            let rule_name = rule_name(&before);
            Happening::Ask(Wish::Intended { who: who.clone(), rule_name })
        }
        Request::LookAtRole => Happening::Ask(Wish::LookAtRole { who: who.clone() }),
        Request::DeleteRole => Happening::Ask(Wish::DeleteRole { who: who.clone() }),
    };
    let circumstances = Circumstances { by_link, ..Circumstances::of(&who) };
    match store.move_resolution(id, &happening, &circumstances, Timestamp::now()).await? {
        Moved::To(after) => Ok(*after),
        Moved::Refused(refusal) => Err(DeskError::Refused(refusal.to_string())),
        Moved::Closed { why, .. } => Err(DeskError::Refused(why)),
        Moved::LinkSpent => Err(DeskError::Refused("the link was used before".to_owned())),
    }
}

/// Stops all changes, or lets them go on.
///
/// # Errors
/// Where it could not be written.
pub async fn stop(store: &Store, who: &str, switch: Switch) -> Result<(), StoreError> {
    let now = Timestamp::now();
    let (value, operation) = match switch {
        Switch::Stop => (format!("by {who} at {now:.0}"), "StopResponse"),
        Switch::Start => (String::new(), "StartResponse"),
    };
    store.set_setting(STOPPED, &value).await?;
    if switch == Switch::Start {
        store.wake_approved(now).await?;
    }
    let act = Act { who, operation, at: now, token: None };
    store.note(&act, STOPPED, &json!({ "stopped": value })).await
}

/// Which way the switch is turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// Nothing is changed any more.
    Stop,
    /// Changes go on.
    Start,
}

/// The name of the archive rule that is left for access that was intended.
fn rule_name(own: &Resolution) -> String {
    let id: String = own.finding.id().chars().filter(char::is_ascii_alphanumeric).collect();
    format!("intended-{id}")
}

/// A resolution as lists and answers show it.
#[must_use]
pub fn shown(own: &Resolution) -> Value {
    json!({
        "id": own.id,
        "state": own.state.as_str(),
        "findingId": own.finding.id(),
        "analyzerArn": own.keeper.analyzer(),
        "resource": own.plan.target.arn,
        "resourceType": own.plan.target.resource_type,
        "account": own.plan.target.account,
        "principal": own.finding.observation.principal(),
        "riskScore": own.risk_score,
        "decision": own.decision,
        "requester": own.requester,
        "approval": own.approval,
        "means": own.plan.means,
        "sid": own.plan.sid,
        "planHash": own.plan_hash,
        "edits": own.plan.edits,
        "proof": own.plan.proof,
        "undo": own.undo,
        "remade": own.remade,
        "wish": own.wish,
        "reason": own.reason,
        "role": own.role,
        "createdAt": own.created_at,
        "updatedAt": own.updated_at,
        "expiresAt": own.expires_at,
    })
}

/// A resolution as one line of a list.
#[must_use]
pub fn line(own: &Resolution) -> [String; 6] {
    let principal = own.finding.observation.principal();
    let principal = principal.and_then(|own| own.values().next()).cloned().unwrap_or_default();
    [
        own.id.clone(),
        own.state.as_str().to_owned(),
        own.risk_score.to_string(),
        own.plan.target.arn.clone(),
        principal,
        own.reason.clone().unwrap_or_default(),
    ]
}
