//! Requests as they go over the wire, signed as AWS's clients sign them.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use ringfence_findings::filter::Filter;
use ringfence_findings::sort::SortBy;
use serde_json::json;

use crate::many::{ANALYZER, REGION};
use crate::running::Key;

/// What needs neither a signature nor the store.
pub(crate) fn health(host: &str) -> String {
    format!("GET /health HTTP/1.1\r\nhost: {host}\r\n\r\n")
}

pub(crate) fn get_finding(host: &str, key: &Key, id: &str) -> String {
    let analyzer: String = form_urlencoded::byte_serialize(ANALYZER.as_bytes()).collect();
    signed("GET", host, &format!("/finding/{id}?analyzerArn={analyzer}"), "", key)
}

pub(crate) fn list_findings(host: &str, key: &Key, filter: &Filter, sort: SortBy) -> String {
    let body = json!({
        "analyzerArn": ANALYZER,
        "filter": filter,
        "sort": { "attributeName": sort, "orderBy": "DESC" },
        "maxResults": 100,
    });
    signed("POST", host, "/finding", &body.to_string(), key)
}

fn signed(method: &str, host: &str, target: &str, body: &str, key: &Key) -> String {
    let identity = Credentials::new(&key.id, &key.secret, None, None, "bench").into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name("access-analyzer")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let uri = format!("http://{host}{target}");
    let bytes = SignableBody::Bytes(body.as_bytes());
    let signable = SignableRequest::new(method, uri, std::iter::empty(), bytes).unwrap();
    let (instructions, _) = sign(signable, &params).unwrap().into_parts();
    let length = body.len();
    let mut text =
        format!("{method} {target} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\n");
    for (name, value) in instructions.headers() {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text + "\r\n" + body
}
