//! Accounts as tests reach them.

use std::future::Future;
use std::time::Duration;

use aws_credential_types::Credentials;
use ringfence_aws::Access;
use ringfence_aws::live::{Accounts, Settings};
use ringfence_response::slot::Target;

/// Runs one test's work.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(work)
}

/// How tests reach an endpoint: with two attempts a call, and little patience.
pub(crate) fn settings(url: &str) -> Settings {
    Settings { access: access(url), settle: Duration::from_millis(400), ..Settings::default() }
}

pub(crate) fn access(url: &str) -> Access {
    Access {
        endpoint_url: Some(url.to_owned()),
        region: Some("eu-west-1".to_owned()),
        call_timeout: Duration::from_secs(20),
        max_attempts: 2,
        ..Access::default()
    }
}

pub(crate) async fn open(settings: Settings) -> Accounts {
    let credentials = Credentials::new("test", "test", None, None, "test");
    Accounts::open_with(settings, credentials).await.unwrap()
}

pub(crate) async fn accounts(url: &str) -> Accounts {
    open(settings(url)).await
}

pub(crate) fn target(resource_type: &str, arn: &str, region: &str) -> Target {
    Target {
        resource_type: resource_type.to_owned(),
        arn: arn.to_owned(),
        account: crate::moto::ACCOUNT.to_owned(),
        region: region.to_owned(),
    }
}
