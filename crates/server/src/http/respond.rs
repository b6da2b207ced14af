//! One request from its bytes to its answer.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use jiff::Timestamp;
use percent_encoding::percent_decode;
use serde_json::Value;
use uuid::Uuid;

use crate::api::Exception;
use crate::api::exception::ExceptionKind;
use crate::api::input;
use crate::api::model::OperationModel;
use crate::api::route::{Route, route};
use crate::keys::KnownKey;
use crate::operations;
use crate::response;
use crate::service::{Call, Security, Service};
use crate::sigv4::{Claim, Expected, SignatureError, SignedRequest, verify};
use crate::watch::{self, Problem};

/// The service's name in signatures.
const SIGNING_NAME: &str = "access-analyzer";

/// Why a finding is archived, in the words of whoever does it: AWS's operation has no member for that.
const REASON: &str = "x-ringfence-reason";
/// More characters no reason has.
const MAX_REASON: usize = 256;

/// What is known of a request for the log. No query, header or body: they hold signatures.
#[derive(Default)]
struct Told {
    operation: &'static str,
    key: String,
}

/// Answers a request, whatever it is.
pub(super) async fn respond(
    service: &Arc<Service>,
    request: Request<Incoming>,
    peer: IpAddr,
    security: Security,
) -> Response<Full<Bytes>> {
    if let Some(answer) = operational(service, &request).await {
        return answer;
    }
    if request.uri().path() == response::page::PATH {
        return approval(service, request, peer).await;
    }
    let (started, id) = (Instant::now(), Uuid::new_v4());
    let mut told = Told::default();
    let answering = answer(service, request, peer, security, &mut told);
    let result = match tokio::time::timeout(service.settings.request_timeout, answering).await {
        Ok(result) => result,
        Err(_) => Err(Exception::new(
            ExceptionKind::ServiceUnavailable,
            "the request took longer than this service lets requests take",
        )),
    };
    let mut response = match &result {
        Ok((status, body)) => json(*status, body.as_ref()),
        Err(exception) => refusal(exception),
    };
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert("x-amzn-requestid", value);
    }
    let (took, status) = (started.elapsed(), response.status().as_u16());
    let operation = if told.operation.is_empty() { "none" } else { told.operation };
    service.metrics.count(operation, status, took);
    let error = result.as_ref().err().map(Exception::name);
    let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(%id, operation, key = told.key, %peer, status, error, microseconds, "request");
    response
}

/// The page behind the link in a mail, which is no request of a client: it is answered without a signature. Neither its
/// query nor its form is logged.
async fn approval(
    service: &Arc<Service>,
    request: Request<Incoming>,
    peer: IpAddr,
) -> Response<Full<Bytes>> {
    let method = request.method().clone();
    let answering = async {
        let (parts, body) = request.into_parts();
        match read_body(body, response::page::MAX_BODY_BYTES).await {
            Ok(body) => {
                let query = parts.uri.query().unwrap_or_default();
                response::page::answer(service, parts.method.as_str(), query, &body).await
            }
            Err(refused) => {
                let status = StatusCode::from_u16(refused.status());
                let status = status.unwrap_or(StatusCode::BAD_REQUEST);
                response::page::refusal(status, &refused.message)
            }
        }
    };
    let limit = service.settings.request_timeout;
    let response = tokio::time::timeout(limit, answering).await.unwrap_or_else(|_| {
        let why = "The request took longer than this service lets requests take.";
        response::page::refusal(StatusCode::REQUEST_TIMEOUT, why)
    });
    let status = response.status().as_u16();
    tracing::info!(operation = "ApprovalPage", %method, %peer, status, "request");
    response
}

/// What is answered without a signature: whether the service lives, whether it can answer, its counters.
async fn operational(
    service: &Service,
    request: &Request<Incoming>,
) -> Option<Response<Full<Bytes>>> {
    if request.method() != Method::GET {
        return None;
    }
    match request.uri().path() {
        "/health" => Some(text(StatusCode::OK, "ok\n".to_owned())),
        "/ready" => Some(match ready(service).await {
            Ok(told) => text(StatusCode::OK, format!("{told}\n")),
            Err(error) => {
                tracing::error!(%error, "not ready");
                text(StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n"))
            }
        }),
        "/metrics" => Some(text(StatusCode::OK, metrics(service).await)),
        _ => None,
    }
}

/// The counters, and what waits in the store, where that can be counted.
async fn metrics(service: &Service) -> String {
    let mut backlogs = Vec::new();
    let sinks = service.store.backlogs().await.unwrap_or_default();
    let channels = service.store.notification_backlogs().await.unwrap_or_default();
    // A sink that took everything has no rows, and 0 is told of it.
    for name in service.store.sinks().await.unwrap_or_default() {
        let own = sinks.iter().find(|(own, _)| *own == name).map(|(_, own)| *own);
        backlogs.push((name, own.unwrap_or_default()));
    }
    backlogs.extend(channels.into_iter().map(|(name, own)| (format!("notify/{name}"), own)));
    let told = service.metrics.told_text(&backlogs);
    service.metrics.text() + &told + &watch::metrics(&service.watch)
}

/// Whether the store answers and the environment is known; a source that cannot be read any more is told.
async fn ready(service: &Service) -> Result<&'static str, &'static str> {
    service.store.ping().await.map_err(|_| "the database does not answer")?;
    let problem = service.watch.problem();
    if let Some(Problem { since, message }) = &problem {
        tracing::warn!(%since, message, "the source cannot be read");
    }
    match (problem, service.watch.current()) {
        (None, _) => Ok("ready"),
        (Some(_), Some(_)) => Ok("ready; the source cannot be read any more, the log says why"),
        (Some(_), None) => Err("the source cannot be read, the log says why"),
    }
}

async fn answer(
    service: &Arc<Service>,
    request: Request<Incoming>,
    peer: IpAddr,
    security: Security,
    told: &mut Told,
) -> Result<(u16, Option<Value>), Exception> {
    let (parts, body) = request.into_parts();
    let body = read_body(body, service.settings.max_body_bytes).await?;
    let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
    let now = Timestamp::now();
    let signed = SignedRequest {
        method: parts.method.as_str(),
        path,
        query,
        headers: &parts.headers,
        body: &body,
    };
    let key = authenticate(service, &signed, now).await?;
    told.key.clone_from(&key.id);
    if let Err(seconds) = service.limits.take(&key.id, now) {
        let kind = ExceptionKind::Throttling { retry_after_seconds: seconds };
        return Err(Exception::new(kind, "the key makes more requests than it may"));
    }
    let reason = reason(&parts.headers)?;
    let call = Call { service, key: &key, peer, security, reason, now };
    if path.starts_with(response::operations::PREFIX) {
        let (operation, id) = response::operations::find(parts.method.as_str(), path)?;
        told.operation = operation.action;
        let output = response::operations::answer(&call, operation, id, query, &body).await?;
        return Ok((200, Some(output)));
    }
    let route = find(parts.method.as_str(), path)?;
    told.operation = route.operation.name;
    let output = answer_routed(&call, &route, query, &body).await?;
    Ok((route.operation.status, output))
}

/// Where a request goes.
#[derive(Debug)]
pub(crate) struct Routed {
    pub(crate) operation: &'static OperationModel,
    labels: BTreeMap<&'static str, String>,
}

/// Finds the operation with this method and path.
pub(crate) fn find(method: &str, path: &str) -> Result<Routed, Exception> {
    match route(method, path) {
        Route::To(operation, labels) => Ok(Routed { operation, labels }),
        Route::OtherMethod => Err(unknown(ExceptionKind::MethodNotAllowed)),
        Route::Unknown => Err(unknown(ExceptionKind::UnknownOperation)),
    }
}

/// Answers an authenticated request.
pub(crate) async fn answer_routed(
    call: &Call<'_>,
    route: &Routed,
    query: &str,
    body: &[u8],
) -> Result<Option<Value>, Exception> {
    let input = input::read(route.operation, &route.labels, query, body)?;
    operations::answer(call, route.operation, input).await
}

/// Why, as the caller says it: in UTF-8, percent-encoded where it is not ASCII.
fn reason(headers: &HeaderMap) -> Result<Option<String>, Exception> {
    let mut given = headers.get_all(REASON).iter();
    let (first, second) = (given.next(), given.next());
    let Some(value) = first else { return Ok(None) };
    let text = percent_decode(value.as_bytes()).decode_utf8().unwrap_or_default();
    let text = text.trim();
    let is_sound = !text.is_empty()
        && text.chars().count() <= MAX_REASON
        && !text.chars().any(char::is_control);
    match is_sound && second.is_none() {
        true => Ok(Some(text.to_owned())),
        false => Err(Exception::invalid(format!(
            "the header {REASON} is one text of up to {MAX_REASON} characters, in UTF-8 and percent-encoded"
        ))),
    }
}

async fn authenticate(
    service: &Service,
    request: &SignedRequest<'_>,
    now: Timestamp,
) -> Result<Arc<KnownKey>, Exception> {
    let claim = Claim::read(request.headers, request.query)?;
    let found = service.keys.find(&claim.access_key_id, &service.store, &service.master).await;
    let key = found.map_err(|own| Exception::internal(&own))?;
    let Some(key) = key.filter(|key| key.is_usable(now)) else {
        return Err(SignatureError::UnknownKey.into());
    };
    let expected = Expected { region: &service.settings.region, service: SIGNING_NAME, now };
    verify(request, &claim, key.secret(), &expected)?;
    Ok(key)
}

impl From<SignatureError> for Exception {
    fn from(error: SignatureError) -> Self {
        let kind = match &error {
            SignatureError::Missing => ExceptionKind::MissingAuthenticationToken,
            SignatureError::Malformed(_) => ExceptionKind::IncompleteSignature,
            SignatureError::UnknownKey => ExceptionKind::UnrecognizedClient,
            SignatureError::Refused(_) | SignatureError::Time { .. } | SignatureError::Mismatch => {
                ExceptionKind::InvalidSignature
            }
        };
        Self::new(kind, error.to_string())
    }
}

fn unknown(kind: ExceptionKind) -> Exception {
    Exception::new(kind, "no operation has this path and method")
}

async fn read_body(body: Incoming, limit: usize) -> Result<Bytes, Exception> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Exception::new(
            ExceptionKind::RequestTooLarge,
            format!("the body has more than {limit} bytes"),
        )),
        Err(_) => Err(Exception::cannot_parse("the body broke off")),
    }
}

fn refusal(exception: &Exception) -> Response<Full<Bytes>> {
    let mut response = json(exception.status(), Some(&exception.body()));
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert("x-amzn-errortype", HeaderValue::from_static(exception.name()));
    if let Some(seconds) = exception.retry_after() {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn json(status: u16, body: Option<&Value>) -> Response<Full<Bytes>> {
    let body = body.map(ToString::to_string).unwrap_or_default();
    let mut response = text(StatusCode::from_u16(status).unwrap_or(StatusCode::OK), body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn text(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    response
}
