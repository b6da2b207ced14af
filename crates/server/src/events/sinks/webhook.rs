//! A webhook: each event is a POST of AWS's envelope, with a signature over the time and the body.
//!
//! `x-ringfence-signature` is `v1=` and the hexadecimal HMAC-SHA256 of `x-ringfence-timestamp`, a dot, and the body. A
//! receiver computes it with the shared secret, compares, and refuses times that are minutes away.

use bytes::Bytes;
use futures_util::future::join_all;
use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use jiff::Timestamp;
use ring::hmac;

use super::Outcome;
use crate::events::envelope::Outgoing;
use crate::events::settings::WebhookSettings;
use crate::outbound::{Client, Environment, Secret, Url};

/// How many requests are under way at once; each is of another finding.
const AT_ONCE: usize = 8;

const TIMESTAMP: HeaderName = HeaderName::from_static("x-ringfence-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("x-ringfence-signature");
const EVENT_ID: HeaderName = HeaderName::from_static("x-ringfence-event-id");

/// A webhook.
pub(crate) struct Webhook {
    url: Url,
    key: hmac::Key,
    client: Client,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Webhook({:?})", self.url)
    }
}

impl Webhook {
    pub(super) fn new(
        settings: &WebhookSettings,
        environment: Environment<'_>,
    ) -> Result<Self, String> {
        let url = settings.target(environment)?;
        let secret = settings.secret.read(environment)?;
        let client = settings.limits.client()?;
        Ok(Self { url, key: key(&secret), client })
    }

    /// The same webhook, asked by another client.
    #[cfg(test)]
    pub(crate) fn resolving(mut self, resolve: crate::outbound::Resolve) -> Self {
        self.client = self.client.resolving(resolve);
        self
    }

    pub(super) async fn deliver(&self, events: &[Outgoing], now: Timestamp) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for some in events.chunks(AT_ONCE) {
            let mut posts = Vec::new();
            for own in some {
                posts.push(self.post(own, now));
            }
            outcomes.extend(join_all(posts).await);
        }
        outcomes
    }

    async fn post(&self, event: &Outgoing, now: Timestamp) -> Outcome {
        let body = event.envelope().to_string();
        let (timestamp, signature) = sign(&self.key, &body, now);
        let mut headers = vec![(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        let own =
            [(TIMESTAMP, timestamp), (SIGNATURE, signature), (EVENT_ID, event.id.to_string())];
        for (name, value) in own {
            headers.extend(HeaderValue::from_str(&value).map(|value| (name, value)));
        }
        match self.client.post(&self.url, &headers, Bytes::from(body)).await {
            Ok(answer) => outcome(answer.status),
            Err(error) => Outcome::Unavailable(error.to_string()),
        }
    }
}

fn key(secret: &Secret) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.reveal().as_bytes())
}

fn sign(key: &hmac::Key, body: &str, now: Timestamp) -> (String, String) {
    let timestamp = now.as_second().to_string();
    let tag = hmac::sign(key, format!("{timestamp}.{body}").as_bytes());
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    (timestamp, format!("v1={hex}"))
}

/// Only these say that the body is wrong; the others are about the way there.
fn outcome(status: StatusCode) -> Outcome {
    let told = format!("the webhook answered HTTP {}", status.as_u16());
    match status.as_u16() {
        200..=299 => Outcome::Delivered,
        300..=399 => Outcome::Unavailable(format!("{told}, and redirects are not followed")),
        400 | 413 | 415 | 422 => Outcome::Refused(told),
        _ => Outcome::Unavailable(told),
    }
}
