//! Our own operations over HTTP, below `/ringfence/`: signed as all others, allowed by `ringfence:*` actions of the
//! key's policy.
//!
//! As a key sees the findings of its account's analyzers and no others, it sees the resolutions of those findings, and
//! their record. The stop switch is one for all.

use std::collections::BTreeMap;

use ringfence_policy::Arn;
use ringfence_response::record::{Entry, RecordEvent};
use ringfence_response::workflow::ResolutionState;
use ringfence_response::workflow::resolution::Resolution;
use ringfence_response::workflow::transition::Separation;
use ringfence_store::hints::{HintState, KeptHint};
use ringfence_store::page::{Cursor, Key};
use ringfence_store::resolutions::ResolutionFilter;
use ringfence_store::{Item, StoreError};
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
/// What stands for an id in the path of an operation.
const ID: &str = "ID";

/// An operation that AWS does not have.
pub(crate) struct OwnOperation {
    pub(crate) method: &'static str,
    /// Its path below [`PREFIX`].
    pub(crate) path: &'static str,
    /// The action that a key's policy has to allow, one of `own_actions`.
    pub(crate) action: &'static str,
    does: Does,
}

/// What an operation does.
#[derive(Clone, Copy)]
enum Does {
    List,
    Show,
    History,
    Approve,
    Reject,
    Rollback,
    Intended,
    LookAtRole,
    DeleteRole,
    Record,
    Hints,
    Switch(Switch),
}

const GET: &str = "GET";
const POST: &str = "POST";

/// All of them.
pub(crate) const OPERATIONS: &[OwnOperation] = &[
    own(GET, "resolutions", "ringfence:ListResolutions", Does::List),
    own(GET, "resolutions/ID", "ringfence:GetResolution", Does::Show),
    own(GET, "resolutions/ID/history", "ringfence:GetResolution", Does::History),
    own(POST, "resolutions/ID/approve", "ringfence:ApproveResolution", Does::Approve),
    own(POST, "resolutions/ID/reject", "ringfence:RejectResolution", Does::Reject),
    own(POST, "resolutions/ID/rollback", "ringfence:RollbackResolution", Does::Rollback),
    own(POST, "resolutions/ID/intended", "ringfence:MarkIntended", Does::Intended),
    own(POST, "resolutions/ID/look-at-role", "ringfence:LookAtRole", Does::LookAtRole),
    own(POST, "resolutions/ID/delete-role", "ringfence:DeleteRole", Does::DeleteRole),
    own(GET, "findings/ID/record", "ringfence:GetFindingRecord", Does::Record),
    own(GET, "response/hints", "ringfence:ListHints", Does::Hints),
    own(POST, "response/stop", "ringfence:StopResponse", Does::Switch(Switch::Stop)),
    own(POST, "response/start", "ringfence:StartResponse", Does::Switch(Switch::Start)),
];

const fn own(
    method: &'static str,
    path: &'static str,
    action: &'static str,
    does: Does,
) -> OwnOperation {
    OwnOperation { method, path, action, does }
}

/// Finds the operation with this method and path, and the id that the path has.
///
/// # Errors
/// Where there is none.
pub(crate) fn find<'p>(
    method: &str,
    path: &'p str,
) -> Result<(&'static OwnOperation, &'p str), Exception> {
    let path = path.strip_prefix(PREFIX).unwrap_or_default();
    let matching = || OPERATIONS.iter().filter_map(|own| Some((own, id(own.path, path)?)));
    matching().find(|(own, _)| own.method == method).ok_or_else(|| {
        let kind = match matching().next() {
            Some(_) => ExceptionKind::MethodNotAllowed,
            None => ExceptionKind::UnknownOperation,
        };
        Exception::new(kind, "no operation has this path and method")
    })
}

/// The id in a path of this form; empty where the form has none.
fn id<'p>(form: &str, path: &'p str) -> Option<&'p str> {
    let (mut form, mut path, mut id) = (form.split('/'), path.split('/'), "");
    loop {
        match (form.next(), path.next()) {
            (None, None) => return Some(id),
            (Some(ID), Some(own)) if !own.is_empty() => id = own,
            (Some(form), Some(own)) if form == own => {}
            (_, _) => return None,
        }
    }
}

/// Answers a signed request for an operation.
///
/// # Errors
/// Where the key's policy does not allow it, there is no such resolution, or it does not fit.
pub(crate) async fn answer(
    call: &Call<'_>,
    operation: &OwnOperation,
    id: &str,
    query: &str,
    body: &[u8],
) -> Result<Value, Exception> {
    let arn = |kind: &str| {
        let partition = call.service.settings.partition.as_str();
        let region = &call.service.settings.region;
        format!("arn:{partition}:ringfence:{region}:{}:{kind}/{id}", call.key.account)
    };
    let resource = match operation.path.split('/').next() {
        Some("resolutions") if !id.is_empty() => arn("resolution"),
        Some("findings") => arn("finding"),
        _ => "*".to_owned(),
    };
    authorize_own(call, operation.action, &resource)?;
    let request = match operation.does {
        Does::List => return list(call, query).await,
        Does::Show => return Ok(desk::shown(&resolution(call, id).await?)),
        Does::History => {
            let finding = resolution(call, id).await?.finding;
            return Ok(json!({ "record": call.service.store.record_of(finding.id()).await? }));
        }
        Does::Record => return record(call, id).await,
        Does::Hints => return hints(call).await,
        Does::Switch(switch) => {
            desk::stop(&call.service.store, &call.key.user_arn(), switch).await?;
            return Ok(json!({}));
        }
        Does::Approve => Request::Approve { plan_hash: Some(plan_hash(body)?) },
        Does::Reject => Request::Reject,
        Does::Rollback => Request::Rollback,
        Does::Intended => Request::Intended,
        Does::LookAtRole => Request::LookAtRole,
        Does::DeleteRole => Request::DeleteRole,
    };
    act(call, id, &request).await
}

/// The resolution with this id, where an analyzer of the key's account keeps its finding.
async fn resolution(call: &Call<'_>, id: &str) -> Result<Resolution, Exception> {
    let own = call.service.store.resolution(id).await?;
    match is_own(call, own.keeper.analyzer()) {
        true => Ok(own),
        false => Err(StoreError::NotFound(Item::Resolution(id.to_owned())).into()),
    }
}

/// Whether an analyzer is of the key's account.
fn is_own(call: &Call<'_>, analyzer: &str) -> bool {
    Arn::parse(analyzer).is_some_and(|arn| arn.account == call.key.account)
}

async fn list(call: &Call<'_>, query: &str) -> Result<Value, Exception> {
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
    let filter =
        ResolutionFilter { state, resource: member("resource"), finding: member("finding") };
    let after = match member("after").split_once('.') {
        None => None,
        Some((number, id)) => {
            let number = number.parse().map_err(|_| Exception::invalid("`after` is no place"))?;
            Some(Cursor { key: Key::Number(number), id: id.to_owned() })
        }
    };
    let page = call.service.store.list_resolutions(&filter, after.as_ref(), PAGE).await?;
    let next = page.next.map(|own| match own.key {
        Key::Number(number) => format!("{number}.{}", own.id),
        Key::Text(text) => text,
    });
    // A page may have fewer than it could, and none: `after` says whether there are more.
    let items = page.items.iter().filter(|own| is_own(call, own.keeper.analyzer()));
    let shown: Vec<Value> = items.map(desk::shown).collect();
    Ok(json!({ "resolutions": shown, "after": next }))
}

/// What the record has of a finding that an analyzer of the key's account has seen.
async fn record(call: &Call<'_>, finding: &str) -> Result<Value, Exception> {
    let record = call.service.store.record_of(finding).await?;
    let is_seen = |entry: &Entry| match entry.event() {
        Some(RecordEvent::Seen { source, .. }) => is_own(call, &source),
        _ => false,
    };
    match record.iter().any(is_seen) {
        true => Ok(json!({ "record": record })),
        false => Err(StoreError::NotFound(Item::Finding(finding.to_owned())).into()),
    }
}

/// The hints about findings of the key's account. Messages that cannot be read are nobody's.
async fn hints(call: &Call<'_>) -> Result<Value, Exception> {
    let hints = call.service.store.list_hints(None, HINTS).await?;
    let analyzer =
        |own: &KeptHint| Some(own.body.pointer("/keeper/analyzer")?.as_str()?.to_owned());
    let items = hints.iter().filter(|own| analyzer(own).is_some_and(|own| is_own(call, &own)));
    Ok(json!({ "hints": items.map(hint).collect::<Vec<_>>() }))
}

/// Over the network nobody approves what they have not seen.
fn plan_hash(body: &[u8]) -> Result<String, Exception> {
    let given: Value =
        serde_json::from_slice(body).map_err(|_| Exception::cannot_parse("the body is no JSON"))?;
    let hash = given.get("planHash").and_then(Value::as_str);
    let hash = hash.ok_or_else(|| Exception::invalid("`planHash` says which plan is approved"))?;
    Ok(hash.to_owned())
}

async fn act(call: &Call<'_>, id: &str, request: &Request) -> Result<Value, Exception> {
    resolution(call, id).await?;
    let settings = call.service.response.get();
    let separation = settings.map_or(Separation::NotDemanded, |own| own.approval.separation());
    let who = call.key.user_arn();
    let asked = desk::ask(&call.service.store, id, request, &who, separation, None).await;
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

/// A hint as lists show it.
fn hint(own: &KeptHint) -> Value {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::OWN_ACTIONS;

    #[test]
    fn actions_and_pages_name_the_same_operations() {
        let page = include_str!("../../../../docs/resolution.md");
        for own in OPERATIONS {
            let line = format!("| `{} {PREFIX}{}` | `{}` |", own.method, own.path, own.action);
            assert!(page.contains(&line), "docs/resolution.md lacks {line}");
        }
        let lines = page.lines().filter(|line| line.starts_with("| `") && line.contains(PREFIX));
        assert_eq!(lines.count(), OPERATIONS.len());
        let asked: BTreeSet<&str> = OPERATIONS.iter().map(|own| own.action).collect();
        let listed: BTreeSet<&str> = OWN_ACTIONS.iter().map(|own| own.name).collect();
        assert_eq!(asked, listed);
    }

    #[test]
    fn paths_are_found_whole() {
        let found = |method, path| find(method, path).map(|(own, id)| (own.action, id));
        assert_eq!(found("GET", "/ringfence/resolutions"), Ok(("ringfence:ListResolutions", "")));
        let path = "/ringfence/resolutions/a/approve";
        assert_eq!(found("POST", path), Ok(("ringfence:ApproveResolution", "a")));
        let kind = |method, path| find(method, path).err().map(|own| own.kind);
        assert_eq!(kind("GET", path), Some(ExceptionKind::MethodNotAllowed));
        for path in ["", "/ringfence/", "/ringfence/resolutions/", "/ringfence/resolutions/a/b"] {
            assert_eq!(kind("GET", path), Some(ExceptionKind::UnknownOperation), "{path}");
        }
    }
}
