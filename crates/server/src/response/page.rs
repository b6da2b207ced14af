//! The page that the link in a mail opens. Opening it changes nothing, since mail systems open links by themselves; the
//! form on it does, once, and asks for a key where requester and approver have to differ.

pub(super) mod html;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{HeaderMap, Response, StatusCode};
use jiff::Timestamp;
use ringfence_response::workflow::ResolutionState;
use ringfence_response::workflow::resolution::Resolution;
use ringfence_response::workflow::transition::Separation;
use subtle::ConstantTimeEq;

use self::html::{document, form, said};
use super::desk::{self, DeskError, Request};
use super::links::{FAILURES, Token};
use super::settings::Approver;
use crate::service::Service;

pub(crate) use super::links::PATH;

/// More bytes no form has.
pub(crate) const MAX_BODY_BYTES: usize = 16 << 10;

/// What a page says, with its status.
type Said = (StatusCode, String);

/// Answers a request for the page.
pub(crate) async fn answer(
    service: &Arc<Service>,
    method: &str,
    query: &str,
    body: &[u8],
) -> Response<Full<Bytes>> {
    let (status, content) = match method {
        "GET" | "HEAD" => opened(service, &fields(query.as_bytes())).await,
        "POST" => sent(service, &fields(body)).await,
        _ => (StatusCode::METHOD_NOT_ALLOWED, said("This page is opened or sent.")),
    };
    page(status, &content)
}

/// A page that says why a request was not read at all.
pub(crate) fn refusal(status: StatusCode, why: &str) -> Response<Full<Bytes>> {
    page(status, &said(why))
}

fn page(status: StatusCode, content: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(document(content))));
    *response.status_mut() = status;
    protect(response.headers_mut());
    response
}

/// What browsers are told besides the page.
fn protect(headers: &mut HeaderMap) {
    if let Ok(policy) = HeaderValue::from_str(&html::content_security_policy()) {
        headers.insert("content-security-policy", policy);
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("x-robots-tag", "noindex"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

fn fields(text: &[u8]) -> BTreeMap<String, String> {
    form_urlencoded::parse(text).into_owned().collect()
}

/// A link that can be used now.
struct Usable {
    token: Token,
    resolution: Resolution,
    approver: Approver,
    separation: Separation,
}

/// The link that was given, where it can be used now.
async fn read(service: &Arc<Service>, given: &BTreeMap<String, String>) -> Result<Usable, Said> {
    let text = given.get("token").map_or("", String::as_str);
    let refuse = |why: String| (StatusCode::FORBIDDEN, said(&why));
    let token = Token::read(text, &service.master, Timestamp::now())
        .map_err(|problem| refuse(problem.to_string()))?;
    let failed = |_| {
        let why = "The service cannot read what it keeps. Try again later.";
        (StatusCode::SERVICE_UNAVAILABLE, said(why))
    };
    let kept = service.store.approval_link(&token.digest()).await.map_err(failed)?;
    let Some(kept) = kept else { return Err(refuse("This link is not known here.".to_owned())) };
    if kept.used_at.is_some() {
        return Err(refuse("This link was used before.".to_owned()));
    }
    if kept.failures >= FAILURES {
        return Err(refuse("Too many wrong keys came with this link.".to_owned()));
    }
    let is_same = kept.resolution == token.resolution
        && kept.approver == token.approver
        && kept.plan_hash == token.plan_hash;
    if !is_same {
        return Err(refuse("This link is not the one that was sent.".to_owned()));
    }
    // Who may approve can have changed since the mail.
    let settings = service.response.get().map(|own| &own.approval);
    let approver =
        settings.and_then(|own| own.approvers.iter().find(|own| own.name == token.approver));
    let (Some(settings), Some(approver)) = (settings, approver) else {
        return Err(refuse("Whom this link was sent to may not approve any more.".to_owned()));
    };
    let resolution = service.store.resolution(&token.resolution).await.map_err(failed)?;
    if resolution.state != ResolutionState::Proposed {
        let state = resolution.state.as_str();
        return Err(refuse(format!("Nothing waits for an approval: the resolution is {state}.")));
    }
    if resolution.plan_hash != token.plan_hash {
        let why = "The resource has changed since the mail was sent, and with it the plan. A new mail was sent.";
        return Err(refuse(why.to_owned()));
    }
    let separation = settings.separation();
    Ok(Usable { token, resolution, approver: approver.clone(), separation })
}

async fn opened(service: &Arc<Service>, given: &BTreeMap<String, String>) -> Said {
    match read(service, given).await {
        Ok(link) => {
            let text = given.get("token").map_or("", String::as_str);
            (StatusCode::OK, form(&link.resolution, &link.token, text, link.separation))
        }
        Err(said) => said,
    }
}

async fn sent(service: &Arc<Service>, given: &BTreeMap<String, String>) -> Said {
    let Usable { token, resolution, approver, separation } = match read(service, given).await {
        Ok(link) => link,
        Err(said) => return said,
    };
    let request = match given.get("decision").map(String::as_str) {
        Some("approve") => Request::Approve { plan_hash: Some(token.plan_hash.clone()) },
        Some("reject") => Request::Reject,
        _ => return (StatusCode::BAD_REQUEST, said("Say whether you approve or reject.")),
    };
    let who = match separation {
        Separation::NotDemanded => approver.name,
        Separation::Demanded => match authenticate(service, given, &approver).await {
            Some(who) => who,
            None => {
                tracing::warn!(
                    resolution = resolution.id,
                    approver = approver.name,
                    "a wrong key came with an approval"
                );
                if let Err(error) = service.store.approval_link_failed(&token.digest()).await {
                    tracing::error!(%error, "a wrong key could not be counted");
                }
                let why = "This is not the key of the one whom the link was sent to.";
                return (StatusCode::FORBIDDEN, said(why));
            }
        },
    };
    let digest = token.digest();
    let store = &service.store;
    match desk::ask(store, &resolution.id, &request, &who, separation, Some(&digest)).await {
        Ok(after) => {
            let done = match after.state {
                ResolutionState::Approved => {
                    "It is approved, and will be applied once it was proved again."
                }
                _ => "It is rejected. Nothing is changed.",
            };
            (StatusCode::OK, said(done))
        }
        Err(DeskError::Refused(why)) => (StatusCode::CONFLICT, said(&why)),
        Err(DeskError::Store(_)) => {
            let why = "The service cannot write. Nothing was changed; try again later.";
            (StatusCode::SERVICE_UNAVAILABLE, said(why))
        }
    }
}

/// The user of the key that was given, where it is the key of the approver whom the link was sent to.
async fn authenticate(
    service: &Service,
    given: &BTreeMap<String, String>,
    approver: &Approver,
) -> Option<String> {
    let expected = approver.key.as_deref()?;
    let (id, secret) = (given.get("key_id")?, given.get("key_secret")?);
    let key = service.keys.find(expected, &service.store, &service.master).await.ok()??;
    if !key.is_usable(Timestamp::now()) {
        return None;
    }
    let is_id = id.trim().as_bytes().ct_eq(expected.as_bytes());
    let is_secret = secret.trim().as_bytes().ct_eq(key.secret().as_bytes());
    bool::from(is_id & is_secret).then(|| key.user_arn())
}
