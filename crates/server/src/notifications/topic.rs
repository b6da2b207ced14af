//! An SNS topic, for people: mail and text messages of its subscriptions.

use std::time::{Duration, Instant};

use ringfence_response::notification::Rendered;
use tokio::sync::Mutex;

use super::Sent;
use super::settings::NotifyTopicSettings;
use crate::publishing::Publishing;

/// SNS takes no longer subjects, and only printable ASCII.
/// <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>
const SUBJECT: usize = 100;
/// How often it is said that a subscription waits.
const REMIND: Duration = Duration::from_secs(3600);

/// A topic.
#[derive(Debug)]
pub(crate) struct Topic {
    arn: String,
    publishing: Publishing,
    reminded: Mutex<Option<Instant>>,
}

impl Topic {
    pub(super) fn new(settings: &NotifyTopicSettings) -> Result<Self, String> {
        if !settings.topic_arn.starts_with("arn:") {
            return Err(format!("`{}` is no ARN of a topic", settings.topic_arn));
        }
        let publishing = Publishing::new(settings.aws.clone());
        Ok(Self { arn: settings.topic_arn.clone(), publishing, reminded: Mutex::default() })
    }

    pub(super) async fn send(&self, rendered: &Rendered) -> Sent {
        let sent = match self.publishing.publisher().await {
            Ok(publisher) => {
                publisher.publish_text(&self.arn, &subject(&rendered.subject), &rendered.text).await
            }
            Err(failure) => Err(failure),
        };
        match sent {
            Ok(()) => {
                self.remind().await;
                Sent::Taken
            }
            Err(failure) if failure.code.contains("InvalidParameter") => {
                Sent::Refused(failure.to_string())
            }
            Err(failure) => Sent::Unavailable(failure.to_string()),
        }
    }

    /// The subscriptions that get nothing, because they were not confirmed.
    pub(super) async fn remarks(&self) -> Vec<String> {
        let listed = match self.publishing.publisher().await {
            Ok(publisher) => publisher.waiting_subscriptions(&self.arn).await,
            Err(failure) => Err(failure),
        };
        match listed {
            Ok(waiting) => waiting
                .into_iter()
                .map(|own| {
                    format!(
                        "the subscription of {} `{}` waits for its confirmation and gets nothing",
                        own.protocol, own.endpoint
                    )
                })
                .collect(),
            Err(failure) => {
                vec![format!(
                    "whether subscriptions wait for their confirmation is not known: {failure}"
                )]
            }
        }
    }

    async fn remind(&self) {
        let mut reminded = self.reminded.lock().await;
        if reminded.is_some_and(|last| last.elapsed() < REMIND) {
            return;
        }
        *reminded = Some(Instant::now());
        for remark in self.remarks().await {
            tracing::warn!(topic = self.arn, remark, "a topic");
        }
    }
}

fn subject(text: &str) -> String {
    let plain = |own: char| if own == ' ' || own.is_ascii_graphic() { own } else { '?' };
    let mut subject: String = text.trim().chars().map(plain).collect();
    if subject.len() > SUBJECT {
        subject.truncate(SUBJECT - 3);
        subject.push_str("...");
    }
    subject
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_what_sns_takes() {
        assert_eq!(subject("Schlüssel\u{fffd}x"), "Schl?ssel?x");
        assert_eq!(subject(&"ä".repeat(150)).len(), 100);
    }
}
