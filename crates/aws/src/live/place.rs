//! One account and Region in one role: what calls are made through.

use std::error::Error;
use std::future::Future;

use aws_config::SdkConfig;
use aws_smithy_runtime::client::retries::{ClientRateLimiter, RetryPartition, TokenBucket};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::accounts::Purpose;
use crate::connection::Connection;
use crate::ec2;
use crate::failure::{CallError, Failure};

/// Where calls go, and as whom.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The partition, such as `aws`.
    pub(super) partition: String,
    connection: Connection,
    retry_partition: RetryPartition,
}

impl Place {
    pub(super) fn new(
        connection: Connection,
        partition: &str,
        account: &str,
        purpose: Purpose,
    ) -> Self {
        // Each place has a pace of its own: what throttles one account does not slow others down.
        let name = format!("live/{purpose:?}/{account}/{}", connection.region());
        let retry_partition = RetryPartition::custom(name)
            .token_bucket(TokenBucket::builder().capacity(500).build())
            .client_rate_limiter(ClientRateLimiter::builder().build())
            .build();
        Self { partition: partition.to_owned(), connection, retry_partition }
    }

    pub(super) fn config(&self) -> &SdkConfig {
        self.connection.config()
    }

    pub(super) fn region(&self) -> &str {
        self.connection.region()
    }

    pub(super) fn retry_partition(&self) -> RetryPartition {
        self.retry_partition.clone()
    }

    /// The same, with calls that go to another Region.
    pub(super) fn in_region(&self, region: &str) -> Self {
        Self { connection: self.connection.in_region(region), ..self.clone() }
    }

    /// Makes a call.
    ///
    /// # Errors
    /// When every attempt failed; `action` is what a policy has to allow for the call.
    pub(super) async fn call<T, E>(
        &self,
        action: &str,
        sent: impl Future<Output = Result<T, CallError<E>>>,
    ) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        Box::pin(sent).await.map_err(|error| Failure::of(action, &error))
    }

    /// The same, where some error codes only say that there is nothing of the kind.
    ///
    /// # Errors
    /// When every attempt failed with another code.
    pub(super) async fn call_unless<T, E>(
        &self,
        action: &str,
        absent: &[&str],
        sent: impl Future<Output = Result<T, CallError<E>>>,
    ) -> Result<Option<T>, Failure>
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        match self.call(action, sent).await {
            Ok(answer) => Ok(Some(answer)),
            Err(failure) if absent.contains(&failure.code.as_str()) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Calls an operation of EC2, and gives the XML of its answer.
    ///
    /// # Errors
    /// When every attempt failed.
    pub(super) async fn ec2(
        &self,
        operation: &'static str,
        parameters: &[(&str, &str)],
    ) -> Result<String, Failure> {
        ec2::call(&self.connection, self.retry_partition(), operation, parameters).await
    }
}
