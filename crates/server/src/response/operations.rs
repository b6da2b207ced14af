//! Our own operations over HTTP, below `/ringfence/`: signed as all others, allowed by `ringfence:*` actions of the
//! key's policy on the ARN of a resolution.
//!
//! | Operation | Request | Action |
//! |---|---|---|
//! | list | `GET /ringfence/resolutions?state=…&resource=…&finding=…` | `ringfence:ListResolutions` |
//! | show | `GET /ringfence/resolutions/ID` | `ringfence:GetResolution` |
//! | history | `GET /ringfence/resolutions/ID/history` | `ringfence:GetResolution` |
//! | approve, reject, rollback, intended, delete-role | `POST /ringfence/resolutions/ID/VERB` | `ringfence:ApproveResolution`, … |
//! | hints | `GET /ringfence/response/hints` | `ringfence:ListHints` |
//! | stop, start | `POST /ringfence/response/stop` | `ringfence:StopResponse`, `ringfence:StartResponse` |

use std::collections::BTreeMap;

use ringfence_response::workflow::ResolutionState;
use ringfence_response::workflow::transition::Separation;
use ringfence_store::hints::{HintState, KeptHint};
use ringfence_store::page::{Cursor, Key};
use ringfence_store::resolutions::ResolutionFilter;
use serde_json::{Value, json};

use super::desk::{self, DeskError, Request, Switch};
use crate::api::Exception;
use crate::api::exception::ExceptionKind;
use crate::authorization::authorize_own;
use crate::service::Call;

/// What all paths begin with.
pub(crate) const PREFIX: &str = "/ringfence/";
const PAGE: usize = 100;
const HINTS: usize = 1000;

/// What can be done with one resolution: the end of the path, the action, and what it asks for.
const VERBS: &[(&str, &str)] = &[
    ("approve", "ApproveResolution"),
    ("reject", "RejectResolution"),
    ("rollback", "RollbackResolution"),
    ("intended", "MarkIntended"),
    ("look-at-role", "GetResolution"),
    ("delete-role", "DeleteRole"),
];

/// Answers a signed request below `/ringfence/`.
///
/// # Errors
/// Where there is no such operation, the key's policy does not allow it, or it does not fit.
pub(crate) async fn answer(
    call: &Call<'_>,
    method: &str,
    path: &str,
    query: &str,
    body: &[u8],
) -> Result<Value, Exception> {
    let rest = path.strip_prefix(PREFIX).unwrap_or_default();
    let parts: Vec<&str> = rest.split('/').collect();
    match (method, parts.as_slice()) {
        ("GET", ["resolutions"]) => list(call, query).await,
        ("GET", ["resolutions", id]) => {
            allow(call, "GetResolution", id)?;
            Ok(desk::shown(&call.service.store.resolution(id).await?))
        }
        ("GET", ["resolutions", id, "history"]) => {
            allow(call, "GetResolution", id)?;
            let finding = call.service.store.resolution(id).await?.finding;
            Ok(json!({ "record": call.service.store.record_of(finding.id()).await? }))
        }
        ("POST", ["resolutions", id, verb]) => act(call, id, verb, body).await,
        ("GET", ["response", "hints"]) => {
            authorize_own(call, "ListHints", "*")?;
            let hints = call.service.store.list_hints(None, HINTS).await?;
            Ok(json!({ "hints": hints.iter().map(hint).collect::<Vec<_>>() }))
        }
        ("POST", ["response", "stop"]) => switch(call, Switch::Stop).await,
        ("POST", ["response", "start"]) => switch(call, Switch::Start).await,
        _ => Err(Exception::new(
            ExceptionKind::UnknownOperation,
            "no operation has this path and method",
        )),
    }
}

async fn list(call: &Call<'_>, query: &str) -> Result<Value, Exception> {
    authorize_own(call, "ListResolutions", "*")?;
    let given: BTreeMap<String, String> =
        form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let member = |name: &str| given.get(name).map_or("", String::as_str);
    let state =
        match member("state") {
            "" => None,
            name => Some(ResolutionState::parse(name).ok_or_else(|| {
                Exception::invalid(format!("`{name}` is no state of resolutions"))
            })?),
        };
    let filter = ResolutionFilter {
        state,
        resource: member("resource"),
        finding: member("finding"),
    };
    let after = match member("after").split_once(' ') {
        None => None,
        Some((number, id)) => {
            let number = number.parse().map_err(|_| Exception::invalid("`after` is no place"))?;
            Some(Cursor { key: Key::Number(number), id: id.to_owned() })
        }
    };
    let page = call.service.store.list_resolutions(&filter, after.as_ref(), PAGE).await?;
    let next = page.next.map(|own| match own.key {
        Key::Number(number) => format!("{number} {}", own.id),
        Key::Text(text) => text,
    });
    let shown: Vec<Value> = page.items.iter().map(desk::shown).collect();
    Ok(json!({ "resolutions": shown, "after": next }))
}

async fn act(call: &Call<'_>, id: &str, verb: &str, body: &[u8]) -> Result<Value, Exception> {
    let Some((_, action)) = VERBS.iter().find(|(own, _)| *own == verb) else {
        return Err(Exception::new(
            ExceptionKind::UnknownOperation,
            "a resolution has no such operation",
        ));
    };
    allow(call, action, id)?;
    let given: Value = match body.is_empty() {
        true => json!({}),
        false => serde_json::from_slice(body)
            .map_err(|_| Exception::cannot_parse("the body is no JSON"))?,
    };
    let request = match verb {
        "approve" => {
            // Over the network nobody approves what they have not seen.
            let Some(hash) = given.get("planHash").and_then(Value::as_str) else {
                return Err(Exception::invalid("`planHash` says which plan is approved"));
            };
            Request::Approve { plan_hash: Some(hash.to_owned()) }
        }
        "reject" => Request::Reject,
        "rollback" => Request::Rollback,
        "intended" => Request::Intended,
        "look-at-role" => Request::LookAtRole,
        _ => Request::DeleteRole,
    };
    let separation = separation(call);
    let who = call.key.user_arn();
    let asked = desk::ask(&call.service.store, id, &request, &who, separation, None).await;
    match asked {
        Ok(after) => Ok(desk::shown(&after)),
        Err(DeskError::Store(error)) => Err(error.into()),
        Err(DeskError::Refused(why)) => {
            let kind =
                ExceptionKind::Conflict { resource_id: id.to_owned(), resource_type: "Resolution" };
            Err(Exception::new(kind, why))
        }
    }
}

pub(super) fn separation(call: &Call<'_>) -> Separation {
    let settings = call.service.response.get();
    settings.map_or(Separation::NotDemanded, |own| own.approval.separation())
}

async fn switch(call: &Call<'_>, switch: Switch) -> Result<Value, Exception> {
    let action = match switch {
        Switch::Stop => "StopResponse",
        Switch::Start => "StartResponse",
    };
    authorize_own(call, action, "*")?;
    desk::stop(&call.service.store, &call.key.user_arn(), switch).await?;
    Ok(json!({}))
}

fn allow(call: &Call<'_>, action: &str, id: &str) -> Result<(), Exception> {
    let partition = call.service.settings.partition.as_str();
    let region = &call.service.settings.region;
    let arn = format!("arn:{partition}:ringfence:{region}:{}:resolution/{id}", call.key.account);
    authorize_own(call, action, &arn)
}

/// A hint as lists show it.
#[must_use]
pub(crate) fn hint(own: &KeptHint) -> Value {
    json!({
        "number": own.number,
        "name": own.name,
        "state": match own.state { HintState::Pending => "pending", HintState::Poison => "poison" },
        "attempts": own.attempts,
        "receivedAt": own.received_at,
        "error": own.error,
        "body": own.body,
    })
}
