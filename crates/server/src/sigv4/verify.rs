//! The comparison of signatures.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use hyper::HeaderMap;
use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use subtle::ConstantTimeEq;

use super::SignatureError;
use super::claim::{Claim, Place, QUERY_MEMBERS, only};

/// How far the clocks of client and server may be apart.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html>
const CLOCK_SKEW_SECONDS: i64 = 15 * 60;

/// A request as it came in.
pub(crate) struct SignedRequest<'r> {
    pub(crate) method: &'r str,
    /// As sent, percent-encoded.
    pub(crate) path: &'r str,
    /// As sent, without the question mark.
    pub(crate) query: &'r str,
    pub(crate) headers: &'r HeaderMap,
    pub(crate) body: &'r [u8],
}

/// What signatures have to be made for.
pub(crate) struct Expected<'e> {
    pub(crate) region: &'e str,
    pub(crate) service: &'e str,
    pub(crate) now: Timestamp,
}

/// Whether the request was signed with `secret`.
///
/// # Errors
/// The first thing that is wrong. The signature is compared last.
pub(crate) fn verify(
    request: &SignedRequest<'_>,
    claim: &Claim,
    secret: &str,
    expected: &Expected<'_>,
) -> Result<(), SignatureError> {
    check_scope(claim, expected)?;
    check_time(claim, expected.now)?;
    check_signed_headers(claim, request.headers)?;
    let hash_in_header = check_payload(request)?;
    let own = signature(request, claim, secret, expected, hash_in_header)?;
    match bool::from(own.as_bytes().ct_eq(claim.signature.as_bytes())) {
        true => Ok(()),
        false => Err(SignatureError::Mismatch),
    }
}

fn check_scope(claim: &Claim, expected: &Expected<'_>) -> Result<(), SignatureError> {
    let refuse = |message: String| Err(SignatureError::Refused(message));
    if claim.region != expected.region {
        return refuse(format!(
            "the request is signed for the Region `{}`; this service is `{}`",
            claim.region, expected.region
        ));
    }
    if claim.service != expected.service {
        return refuse(format!(
            "the request is signed for the service `{}`, not `{}`",
            claim.service, expected.service
        ));
    }
    match claim.signed_at.strftime("%Y%m%d").to_string() == claim.date {
        true => Ok(()),
        false => refuse("the date of the credential is not the date of the request".to_owned()),
    }
}

fn check_time(claim: &Claim, now: Timestamp) -> Result<(), SignatureError> {
    let age = now.as_second() - claim.signed_at.as_second();
    let oldest = claim.expires_seconds.unwrap_or(CLOCK_SKEW_SECONDS);
    match (-CLOCK_SKEW_SECONDS..=oldest).contains(&age) {
        true => Ok(()),
        false => Err(SignatureError::Time { signed_at: claim.signed_at, now }),
    }
}

fn check_signed_headers(claim: &Claim, headers: &HeaderMap) -> Result<(), SignatureError> {
    let is_signed = |name: &str| claim.signed_headers.iter().any(|own| own == name);
    if !is_signed("host") || (claim.place == Place::Header && !is_signed("x-amz-date")) {
        return Err(SignatureError::Refused("`host` and `x-amz-date` must be signed".to_owned()));
    }
    for name in headers.keys().map(hyper::header::HeaderName::as_str) {
        let is_meant = name.starts_with("x-amz-") || name.starts_with("x-ringfence-");
        if is_meant && !is_signed(name) {
            return Err(SignatureError::Refused(format!("the header {name} must be signed")));
        }
    }
    match claim.signed_headers.iter().find(|name| !headers.contains_key(name.as_str())) {
        None => Ok(()),
        Some(absent) => {
            Err(SignatureError::Refused(format!("the signed header {absent} is missing")))
        }
    }
}

/// Checks what the request says of its body, and tells whether a header does.
fn check_payload(request: &SignedRequest<'_>) -> Result<PayloadChecksumKind, SignatureError> {
    let refuse = |message: &str| Err(SignatureError::Refused(message.to_owned()));
    let encoding = request.headers.get("content-encoding").and_then(|own| own.to_str().ok());
    if encoding.is_some_and(|own| own.contains("aws-chunked")) {
        return refuse("bodies signed in chunks are not accepted");
    }
    if !request.headers.contains_key("x-amz-content-sha256") {
        return Ok(PayloadChecksumKind::NoHeader);
    }
    let claimed = only(request.headers, "x-amz-content-sha256")?;
    if claimed.starts_with("UNSIGNED-") || claimed.starts_with("STREAMING-") {
        return refuse("the body must be signed, and not in chunks");
    }
    match bool::from(claimed.as_bytes().ct_eq(sha256_hex(request.body).as_bytes())) {
        true => Ok(PayloadChecksumKind::XAmzSha256),
        false => refuse("the body is not the one whose hash is in x-amz-content-sha256"),
    }
}

fn signature(
    request: &SignedRequest<'_>,
    claim: &Claim,
    secret: &str,
    expected: &Expected<'_>,
    payload: PayloadChecksumKind,
) -> Result<String, SignatureError> {
    let unreadable = |what: &str| SignatureError::Malformed(what.to_owned());
    let identity = Credentials::new(&claim.access_key_id, secret, None, None, "ringfence").into();
    let seconds = u64::try_from(claim.signed_at.as_second()).unwrap_or_default();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(expected.region)
        .name(expected.service)
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
        .settings(settings(claim, payload))
        .build()
        .map_err(|_| unreadable("the request cannot be signed"))?
        .into();
    let mut headers = Vec::new();
    for name in &claim.signed_headers {
        for value in request.headers.get_all(name) {
            let value = value.to_str().map_err(|_| unreadable("a signed header is not text"))?;
            headers.push((name.as_str(), value));
        }
    }
    let uri = format!("http://signed.invalid{}", target(request, claim));
    let signable = SignableRequest::new(
        request.method,
        uri,
        headers.into_iter(),
        SignableBody::Bytes(request.body),
    )
    .map_err(|_| unreadable("path or query cannot be read"))?;
    let output = sign(signable, &params).map_err(|_| unreadable("the request cannot be signed"))?;
    Ok(output.signature().to_owned())
}

fn settings(claim: &Claim, payload: PayloadChecksumKind) -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.excluded_headers = None;
    settings.payload_checksum_kind = payload;
    if claim.place == Place::Query {
        let seconds = claim.expires_seconds.and_then(|own| u64::try_from(own).ok());
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(seconds.unwrap_or_default()));
    }
    settings
}

/// Path and query to sign: without the members that signing adds to the query.
fn target<'r>(request: &SignedRequest<'r>, claim: &Claim) -> Cow<'r, str> {
    let query: Vec<&str> = match claim.place {
        Place::Header => vec![request.query],
        Place::Query => request.query.split('&').filter(|part| !is_of_signature(part)).collect(),
    };
    match query.join("&") {
        query if query.is_empty() => Cow::Borrowed(request.path),
        query => Cow::Owned(format!("{}?{query}", request.path)),
    }
}

fn is_of_signature(part: &str) -> bool {
    let name = form_urlencoded::parse(part.as_bytes()).next().map(|(name, _)| name);
    name.is_some_and(|name| QUERY_MEMBERS.contains(&name.as_ref()))
}

fn sha256_hex(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
