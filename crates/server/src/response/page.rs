//! The page that the link in a mail opens. Opening it changes nothing, since mail systems open links by themselves; the
//! form on it does, once, and asks for a key where requester and approver have to differ.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{HeaderMap, Response, StatusCode};
use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use ringfence_response::workflow::ResolutionState;
use ringfence_response::workflow::resolution::Resolution;
use ringfence_response::workflow::transition::Separation;
use subtle::ConstantTimeEq;

use super::desk::{self, DeskError, Request};
use super::links::{FAILURES, Token};
use super::message::summary;
use crate::service::Service;

pub(crate) use super::links::PATH;

/// More bytes no form has.
pub(crate) const MAX_BODY_BYTES: usize = 16 << 10;

const STYLE: &str = "body{font:16px sans-serif;max-width:46em;margin:2em auto;padding:0 1em}\
pre{background:#f4f4f4;padding:1em;overflow:auto}button{font:inherit;padding:.5em 1.5em;margin-right:1em}\
th{text-align:left;padding-right:1em;vertical-align:top}label{display:block;margin:.5em 0}";

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
    let mut response = Response::new(Full::new(Bytes::from(document(&content))));
    *response.status_mut() = status;
    protect(response.headers_mut());
    response
}

/// What a browser may do with the page: nothing but show it and send its form back here.
fn protect(headers: &mut HeaderMap) {
    let style = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
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

/// A link that can be used now, and what it is about.
async fn read(
    service: &Arc<Service>,
    given: &BTreeMap<String, String>,
) -> Result<(Token, Resolution), Said> {
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
    let resolution = service.store.resolution(&token.resolution).await.map_err(failed)?;
    if resolution.state != ResolutionState::Proposed {
        let state = resolution.state.as_str();
        return Err(refuse(format!("Nothing waits for an approval: the resolution is {state}.")));
    }
    if resolution.plan_hash != token.plan_hash {
        let why = "The resource has changed since the mail was sent, and with it the plan. A new mail was sent.";
        return Err(refuse(why.to_owned()));
    }
    Ok((token, resolution))
}

async fn opened(service: &Arc<Service>, given: &BTreeMap<String, String>) -> Said {
    match read(service, given).await {
        Ok((token, resolution)) => {
            let text = given.get("token").map_or("", String::as_str);
            (StatusCode::OK, form(&resolution, &token, text, separation(service)))
        }
        Err(said) => said,
    }
}

async fn sent(service: &Arc<Service>, given: &BTreeMap<String, String>) -> Said {
    let (token, resolution) = match read(service, given).await {
        Ok(read) => read,
        Err(said) => return said,
    };
    let separation = separation(service);
    let request = match given.get("decision").map(String::as_str) {
        Some("approve") => Request::Approve { plan_hash: Some(token.plan_hash.clone()) },
        Some("reject") => Request::Reject,
        _ => return (StatusCode::BAD_REQUEST, said("Say whether you approve or reject.")),
    };
    let who = match separation {
        Separation::NotDemanded => token.approver.clone(),
        Separation::Demanded => match authenticate(service, given, &token.approver).await {
            Some(who) => who,
            None => {
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

fn separation(service: &Service) -> Separation {
    service.response.get().map_or(Separation::NotDemanded, |own| own.approval.separation())
}

/// The user of the key that was given, where it is the key of the approver whom the link was sent to.
async fn authenticate(
    service: &Service,
    given: &BTreeMap<String, String>,
    approver: &str,
) -> Option<String> {
    let approvers = &service.response.get()?.approval.approvers;
    let expected = approvers.iter().find(|own| own.name == approver)?.key.as_deref()?;
    let (id, secret) = (given.get("key_id")?, given.get("key_secret")?);
    let key = service.keys.find(expected, &service.store, &service.master).await.ok()??;
    if !key.is_usable(Timestamp::now()) {
        return None;
    }
    let is_id = id.trim().as_bytes().ct_eq(expected.as_bytes());
    let is_secret = secret.trim().as_bytes().ct_eq(key.secret().as_bytes());
    bool::from(is_id & is_secret).then(|| key.user_arn())
}

fn form(own: &Resolution, token: &Token, text: &str, separation: Separation) -> String {
    let target = &own.plan.target;
    let principal = own.finding.observation.principal();
    let principal = principal.and_then(|own| own.values().next()).map_or("", String::as_str);
    let mut html = String::from("<h1>A change waits for your approval</h1><table>");
    for (name, value) in [
        ("Resource", target.arn.as_str()),
        ("Type", &target.resource_type),
        ("Account", &target.account),
        ("Who gets in", principal),
        ("Finding", own.finding.id()),
        ("Asked for by", &own.requester),
        ("Sent to", &token.approver),
        ("Plan", &own.plan_hash),
    ] {
        let _ = write!(html, "<tr><th>{name}</th><td>{}</td></tr>", escape(value));
    }
    html.push_str("</table><ul>");
    for line in summary(&own.plan) {
        let _ = write!(html, "<li>{}</li>", escape(&line));
    }
    html.push_str("</ul>");
    for edit in &own.plan.edits {
        let slot = serde_json::to_string(&edit.slot).unwrap_or_default();
        let value = |text: &Option<String>| escape(text.as_deref().unwrap_or("(nothing)"));
        let _ = write!(
            html,
            "<h2>{}</h2><p>Now:</p><pre>{}</pre><p>Then:</p><pre>{}</pre>",
            escape(&slot),
            value(&edit.before),
            value(&edit.after),
        );
    }
    let _ = write!(
        html,
        "<form method=\"post\" action=\"{PATH}\"><input type=\"hidden\" name=\"token\" value=\"{}\">",
        escape(text)
    );
    if separation == Separation::Demanded {
        html.push_str(
            "<p>Requester and approver have to differ: show who you are.</p>\
             <label>Id of your key <input name=\"key_id\" autocomplete=\"username\" required></label>\
             <label>Its secret <input name=\"key_secret\" type=\"password\" autocomplete=\"current-password\" required></label>",
        );
    }
    html.push_str(
        "<p><button name=\"decision\" value=\"approve\">Approve</button>\
         <button name=\"decision\" value=\"reject\">Reject</button></p></form>",
    );
    html
}

fn said(text: &str) -> String {
    format!("<p>{}</p>", escape(text))
}

fn document(content: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Ringfence</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head>\
         <body>{content}</body></html>\n"
    )
}

/// A text as HTML shows it, in content and in attributes.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for own in text.chars() {
        match own {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            own => out.push(own),
        }
    }
    out
}
