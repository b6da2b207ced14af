//! A client of S3's control plane.

use aws_config::SdkConfig;
use aws_sdk_s3control::Client;
use aws_sdk_s3control::config::endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint};
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_types::region::Region;

use crate::retry::ExpiredTokens;
use crate::root_element::DocumentedRoots;

/// A client of S3's control plane. It puts the account's id in front of the endpoint's host name, which an endpoint
/// that the user names does not have to know: there, the header `x-amz-account-id` tells.
pub(crate) fn control(config: &SdkConfig, retry_partition: RetryPartition) -> Client {
    let mut configuration = aws_sdk_s3control::config::Builder::from(config)
        .retry_partition(retry_partition)
        .retry_classifier(ExpiredTokens);
    if let Some(url) = config.endpoint_url() {
        let region = config.region().map(Region::to_string).unwrap_or_default();
        configuration = configuration.endpoint_resolver(AsItIs { url: url.to_owned(), region });
    }
    if let Some(http) = config.http_client() {
        configuration = configuration.http_client(DocumentedRoots(http));
    }
    Client::from_conf(configuration.build())
}

/// Gives one address for every account.
#[derive(Debug)]
struct AsItIs {
    url: String,
    region: String,
}

impl ResolveEndpoint for AsItIs {
    fn resolve_endpoint<'a>(&'a self, _params: &'a Params) -> EndpointFuture<'a> {
        let scheme = aws_smithy_types::Document::Object(
            [
                ("name".to_owned(), "sigv4".into()),
                ("signingName".to_owned(), "s3".into()),
                ("signingRegion".to_owned(), self.region.clone().into()),
                ("disableDoubleEncoding".to_owned(), true.into()),
            ]
            .into(),
        );
        let endpoint =
            Endpoint::builder().url(self.url.clone()).property("authSchemes", vec![scheme]).build();
        EndpointFuture::ready(Ok(endpoint))
    }
}
