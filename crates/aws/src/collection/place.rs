//! One kind of thing in one region of one account: what a unit needs to read it.

use std::error::Error;
use std::future::Future;
use std::sync::Arc;

use aws_config::SdkConfig;
use aws_smithy_runtime::client::retries::{ClientRateLimiter, RetryPartition, TokenBucket};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::Value;

use super::absent::Absent;
use super::account_run::AccountRun;
use super::limits::Permits;
use super::not_read::NotRead;
use super::reading::Reading;
use crate::connection::Connection;
use crate::ec2;
use crate::failure::{CallError, Cause, Failure};

pub(super) use crate::client::client;

/// What a unit reads, where.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The account.
    pub(super) account: Arc<AccountRun>,
    /// The region that calls go to.
    pub(super) region: String,
    /// The CloudFormation type of what is read, or nothing for facts about the account.
    resource_type: Option<&'static str>,
    connection: Connection,
    permits: Permits,
    retry_partition: RetryPartition,
}

impl Place {
    /// The place of a unit.
    pub(super) fn new(
        account: &Arc<AccountRun>,
        region: &str,
        resource_type: Option<&'static str>,
    ) -> Self {
        let name = format!("{}/{region}/{}", account.id, resource_type.unwrap_or("account"));
        let retry_partition = RetryPartition::custom(name)
            .token_bucket(TokenBucket::builder().capacity(2_000).build())
            .client_rate_limiter(ClientRateLimiter::builder().build())
            .build();
        Self {
            account: Arc::clone(account),
            region: region.to_owned(),
            resource_type,
            connection: account.connection.in_region(region),
            permits: Permits::new(&account.calls, account.limits),
            retry_partition,
        }
    }

    /// The same, with calls that go to another region.
    pub(super) fn in_region(&self, region: &str) -> Self {
        Self {
            region: region.to_owned(),
            connection: self.connection.in_region(region),
            ..self.clone()
        }
    }

    pub(super) fn config(&self) -> &SdkConfig {
        self.connection.config()
    }

    pub(super) fn retry_partition(&self) -> RetryPartition {
        self.retry_partition.clone()
    }

    /// The ARN of something here.
    pub(super) fn arn(&self, service: &str, resource: &str) -> String {
        let (partition, account) = (&self.account.partition, &self.account.id);
        format!("arn:{partition}:{service}:{}:{account}:{resource}", self.region)
    }

    /// Makes a call when it is its turn.
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
        let _permits = self.permits.acquire().await;
        self.account.progress.call();
        let answer = Box::pin(sent).await;
        answer.map_err(|error| self.sorted(Failure::of(action, &error)))
    }

    /// Calls an operation of EC2, and gives the XML of its answer.
    pub(super) async fn ec2(
        &self,
        operation: &'static str,
        parameters: &[(&str, &str)],
    ) -> Result<String, Failure> {
        let _permits = self.permits.acquire().await;
        self.account.progress.call();
        let partition = self.retry_partition.clone();
        let answer = ec2::call(&self.connection, partition, operation, parameters).await;
        answer.map_err(|failure| self.sorted(failure))
    }

    /// Credentials that the account's own region takes and this one refuses: the region is not switched on.
    fn sorted(&self, mut failure: Failure) -> Failure {
        let elsewhere = self.region != self.account.connection.region();
        if failure.cause == Cause::CredentialsRefused && elsewhere {
            failure.cause = Cause::RegionNotEnabled;
        }
        failure
    }

    /// Begins to read a resource.
    pub(super) fn reading(&self, arn: String) -> Reading<'_> {
        Reading::new(self, arn)
    }

    /// Takes note of something that could not be read: a resource, or everything of the type.
    pub(super) fn not_read(&self, resource: Option<&str>, failure: &Failure) {
        let region = self.resource_type.is_some() || resource.is_some();
        self.account.not_read(
            failure,
            NotRead {
                region: region.then(|| self.region.clone()),
                resource_type: self.resource_type.map(str::to_owned),
                resource: resource.map(str::to_owned),
                ..NotRead::of_account(&self.account.id, failure)
            },
        );
    }

    /// The CloudFormation type of what is read.
    pub(super) fn resource_type(&self) -> Option<&'static str> {
        self.resource_type
    }

    /// Takes note of something that does not exist in the region.
    pub(super) fn absent_from_region(&self, what: &str) {
        self.account.absent(Absent::from_region(what, self.resource_type, &self.region));
    }

    /// Takes note of a whole region that could not be read.
    pub(super) fn not_read_region(&self, failure: &Failure) {
        let entry = NotRead::of_account(&self.account.id, failure);
        self.account.not_read(failure, NotRead { region: Some(self.region.clone()), ..entry });
    }

    /// Writes the file of a resource.
    pub(super) fn write(&self, name: &str, arn: &str, content: Content) {
        let Some(resource_type) = self.resource_type else { return };
        self.account.write_resource(&self.region, resource_type, name, arn, content);
    }
}

/// What is known of a resource.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// Key and value of each tag.
    pub(super) tags: Vec<(String, String)>,
    /// The one member of AWS's `Configuration` union.
    pub(super) configuration: Value,
    /// What analysis needs besides.
    pub(super) attributes: Value,
}
