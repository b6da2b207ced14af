//! Slack and Teams, by their webhooks.

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use ringfence_response::notification::{Rendered, slack, teams};

use super::Sent;
use super::settings::ChatSettings;
use crate::outbound::{Client, Environment, Url};

/// What a chat reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Slack,
    Teams,
}

/// A chat.
pub(crate) struct Chat {
    shape: Shape,
    url: Url,
    client: Client,
}

impl std::fmt::Debug for Chat {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?}({:?})", self.shape, self.url)
    }
}

impl Chat {
    pub(super) fn new(
        shape: Shape,
        settings: &ChatSettings,
        environment: Environment<'_>,
    ) -> Result<Self, String> {
        let secret = settings.url.read(environment)?;
        let url = Url::parse(secret.reveal())
            .map_err(|reason| format!("the URL cannot be used: {reason}"))?;
        Ok(Self { shape, url, client: settings.limits.client()? })
    }

    pub(super) fn kind(&self) -> &'static str {
        match self.shape {
            Shape::Slack => "slack",
            Shape::Teams => "teams",
        }
    }

    pub(super) async fn send(&self, rendered: &Rendered) -> Sent {
        let message = match self.shape {
            Shape::Slack => slack(rendered),
            Shape::Teams => teams(rendered),
        };
        let headers = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        let body = Bytes::from(message.to_string());
        let answer = match self.client.post(&self.url, &headers, body).await {
            Ok(answer) => answer,
            Err(error) => return Sent::Unavailable(error.to_string()),
        };
        let status = answer.status.as_u16();
        // They say in a word or two what they do not like.
        let said: String = String::from_utf8_lossy(&answer.body).chars().take(100).collect();
        let told = format!("the chat answered HTTP {status}: {}", said.escape_debug());
        match status {
            200..=299 => Sent::Taken,
            400 | 413 | 415 | 422 => Sent::Refused(told),
            _ => Sent::Unavailable(told),
        }
    }
}
