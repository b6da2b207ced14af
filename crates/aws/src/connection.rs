//! Where calls go and who makes them: the ordinary credential chain, an endpoint, a region, an assumed role.

use std::time::Duration;

use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::sts::AssumeRoleProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::region::Region as TypesRegion;

use crate::credentials::Kept;
use crate::failure::{CallError, Failure, chain};

/// The region that is asked first when neither the command line nor the configuration names one.
const FALLBACK_REGION: &str = "us-east-1";

/// How to reach AWS.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// A profile of the shared configuration files.
    pub profile: Option<String>,
    /// Where every call goes, instead of AWS's endpoints.
    pub endpoint_url: Option<String>,
    /// A region to ask first.
    pub region: Option<String>,
    /// How long one attempt of a call may take.
    pub call_timeout: Duration,
    /// How often a call is tried.
    pub max_attempts: u32,
}

/// Credentials, endpoint and region of calls.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    config: SdkConfig,
}

impl Connection {
    /// The connection of whoever runs the program.
    pub(crate) async fn open(access: &Access) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(access.call_timeout.min(Duration::from_secs(10)))
            .read_timeout(access.call_timeout)
            .operation_attempt_timeout(access.call_timeout)
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http_client())
            .timeout_config(timeouts)
            .retry_config(RetryConfig::adaptive().with_max_attempts(access.max_attempts.max(1)))
            .identity_cache(IdentityCache::lazy().load_timeout(Duration::from_secs(60)).build())
            .region(region(access).await);
        if let Some(profile) = &access.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(url) = &access.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        let config = loader.load().await;
        let Some(provider) = config.credentials_provider() else { return Self { config } };
        let kept = SharedCredentialsProvider::new(Kept::new(provider));
        Self { config: config.into_builder().credentials_provider(kept).build() }
    }

    /// The configuration for the SDK's clients.
    pub(crate) fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// The region that calls go to.
    pub(crate) fn region(&self) -> &str {
        self.config.region().map_or(FALLBACK_REGION, TypesRegion::as_ref)
    }

    /// The same, for another region.
    pub(crate) fn in_region(&self, region: &str) -> Self {
        let region = Region::new(region.to_owned());
        Self { config: self.config.clone().into_builder().region(region).build() }
    }

    /// The same, as whoever these credentials belong to.
    pub(crate) fn with_credentials(&self, credentials: SharedCredentialsProvider) -> Self {
        let config = self.config.clone().into_builder().credentials_provider(credentials);
        let cache = IdentityCache::lazy().load_timeout(Duration::from_secs(60)).build();
        Self { config: config.identity_cache(cache).build() }
    }

    /// The same, as another role.
    ///
    /// # Errors
    /// When the role cannot be assumed.
    pub(crate) async fn assuming(
        &self,
        role_arn: &str,
        external_id: Option<&str>,
    ) -> Result<Self, Failure> {
        self.assuming_as("ringfence-collect", role_arn, external_id).await
    }

    /// The same, as another role, under a name that CloudTrail shows.
    ///
    /// # Errors
    /// When the role cannot be assumed.
    pub(crate) async fn assuming_as(
        &self,
        session_name: &str,
        role_arn: &str,
        external_id: Option<&str>,
    ) -> Result<Self, Failure> {
        let mut provider = AssumeRoleProvider::builder(role_arn)
            .session_name(session_name)
            .configure(&self.config);
        if let Some(id) = external_id {
            provider = provider.external_id(id);
        }
        let provider = SharedCredentialsProvider::new(provider.build().await);
        let provider = SharedCredentialsProvider::new(Kept::new(provider));
        provider.provide_credentials().await.map_err(|error| not_assumed(&error))?;
        Ok(self.with_credentials(provider))
    }
}

/// The client that all calls go through.
#[must_use]
pub fn http_client() -> SharedHttpClient {
    let client = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    SharedHttpClient::new(Shared(client))
}

/// A client that many of the SDK's clients share. Each of those would have the one inside read the certificates of the
/// machine's authorities once more when it is made, only to see whether they can be read: the answer is not used, and
/// takes longer than the call that the client is made for.
#[derive(Debug)]
struct Shared(SharedHttpClient);

impl HttpClient for Shared {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.0.http_connector(settings, components)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}

async fn region(access: &Access) -> Region {
    if let Some(region) = &access.region {
        return Region::new(region.clone());
    }
    let mut profile = ProfileFileRegionProvider::builder();
    if let Some(name) = &access.profile {
        profile = profile.profile_name(name);
    }
    let chain = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(profile.build());
    chain.region().await.unwrap_or(Region::from_static(FALLBACK_REGION))
}

fn not_assumed(error: &CredentialsError) -> Failure {
    let source = std::error::Error::source(error);
    match source.and_then(|source| source.downcast_ref::<CallError<AssumeRoleError>>()) {
        Some(answer) => Failure::of("sts:AssumeRole", answer),
        None => Failure::of_text("sts:AssumeRole", chain(error)),
    }
}
