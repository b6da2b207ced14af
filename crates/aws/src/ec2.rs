//! EC2's query protocol, for the few operations that are needed. EC2's own crate has some seven hundred more and
//! takes as long to compile as all others together.

use std::fmt;
use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SigningParams, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_smithy_runtime::client::retries::classifiers::{
    HttpStatusCodeClassifier, TransientErrorClassifier,
};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::{ConfigBag, Layer};
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::connection::Connection;
use crate::failure::{CallError, Cause, Failure, chain};
use crate::retry::ExpiredTokens;

const VERSION: &str = "2016-11-15";

/// Calls an operation and gives its answer as XML.
///
/// # Errors
/// When there are no credentials, or every attempt failed.
pub(crate) async fn call(
    connection: &Connection,
    retry_partition: RetryPartition,
    operation: &'static str,
    parameters: &[(&str, &str)],
) -> Result<String, Failure> {
    let action = format!("ec2:{operation}");
    let config = connection.config();
    let credentials = credentials(config, &action).await?;
    let mut body = format!("Action={operation}&Version={VERSION}");
    for (name, value) in parameters {
        body.push_str(&format!("&{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
    }
    let mut settings = Layer::new("ringfence-ec2");
    settings.store_put(retry_partition);
    let signing = Signing { credentials, region: connection.region().to_owned() };
    let mut builder = Operation::builder()
        .service_name("ec2")
        .operation_name(operation)
        .endpoint_url(&endpoint(connection))
        .no_auth()
        .interceptor(signing)
        .retry_classifier(TransientErrorClassifier::<Refusal>::new())
        .retry_classifier(AwsErrorCodeClassifier::<Refusal>::new())
        .retry_classifier(HttpStatusCodeClassifier::default())
        .retry_classifier(ExpiredTokens)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .runtime_plugin(StaticRuntimePlugin::new().with_config(settings.freeze()))
        .serializer(|body: String| request(&body))
        .deserializer(answer);
    if let Some(http) = config.http_client() {
        builder = builder.http_client(http);
    }
    if let Some(sleep) = config.sleep_impl() {
        builder = builder.sleep_impl(sleep);
    }
    if let Some(time) = config.time_source() {
        builder = builder.time_source(time);
    }
    if let Some(retry) = config.retry_config() {
        builder = builder.standard_retry(retry);
    }
    if let Some(timeouts) = config.timeout_config() {
        builder = builder.timeout_config(timeouts.clone());
    }
    builder.build().invoke(body).await.map_err(|error| failure(&action, &error))
}

async fn credentials(config: &SdkConfig, action: &str) -> Result<Credentials, Failure> {
    let Some(provider) = config.credentials_provider() else {
        return Err(Failure::new(action, Cause::NoCredentials, "no credentials"));
    };
    let found = provider.provide_credentials().await;
    found.map_err(|error| Failure::of_text(action, chain(&error)))
}

fn endpoint(connection: &Connection) -> String {
    if let Some(url) = connection.config().endpoint_url() {
        return url.to_owned();
    }
    let region = connection.region();
    let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("https://ec2.{region}.{suffix}")
}

fn request(body: &str) -> Result<HttpRequest, BoxError> {
    let mut request = HttpRequest::new(SdkBody::from(body));
    request.set_method("POST")?;
    request.set_uri("/")?;
    let headers = request.headers_mut();
    headers.try_insert("content-type", "application/x-www-form-urlencoded")?;
    headers.try_insert("content-length", body.len().to_string())?;
    headers.try_insert("user-agent", concat!("ringfence/", env!("CARGO_PKG_VERSION")))?;
    Ok(request)
}

fn answer(response: &HttpResponse) -> Result<String, OrchestratorError<Refusal>> {
    let body = response.body().bytes().unwrap_or_default();
    let text = String::from_utf8_lossy(body).into_owned();
    let parsed = roxmltree::Document::parse(&text);
    let element = |name: &str| {
        let document = parsed.as_ref().ok()?;
        let found = document.descendants().find(|node| node.has_tag_name(name))?;
        found.text().map(str::to_owned)
    };
    if response.status().is_success() && parsed.is_ok() {
        return Ok(text);
    }
    let mut metadata = ErrorMetadata::builder();
    if let Some(code) = element("Code") {
        metadata = metadata.code(code).message(element("Message").unwrap_or_default());
    }
    Err(OrchestratorError::operation(Refusal(metadata.build())))
}

fn failure(action: &str, error: &CallError<Refusal>) -> Failure {
    Failure::of(action, error)
}

/// What EC2 said instead of an answer.
#[derive(Debug)]
struct Refusal(ErrorMetadata);

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::error::Error for Refusal {}

impl ProvideErrorMetadata for Refusal {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

/// Signs each attempt, at its own time.
#[derive(Debug)]
struct Signing {
    credentials: Credentials,
    region: String,
}

#[dyn_dispatch_hint]
impl Intercept for Signing {
    fn name(&self) -> &'static str {
        "Signing"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let identity = self.credentials.clone().into();
        let parameters: SigningParams<'_> = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("ec2")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let request = context.request_mut();
        let body = request.body().bytes().unwrap_or_default();
        let headers: Vec<(&str, &str)> =
            request.headers().iter().filter(|(name, _)| is_signed(name)).collect();
        let signable = SignableRequest::new(
            request.method(),
            request.uri(),
            headers.into_iter(),
            SignableBody::Bytes(body),
        )?;
        let (instructions, _) = sign(signable, &parameters)?.into_parts();
        let added: Vec<(String, String)> = instructions
            .headers()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        for (name, value) in added {
            request.headers_mut().try_insert(name, value)?;
        }
        Ok(())
    }
}

fn is_signed(name: &str) -> bool {
    name.eq_ignore_ascii_case("content-type") || name.eq_ignore_ascii_case("host")
}
