//! A client of S3.

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_smithy_runtime::client::retries::RetryPartition;

use crate::retry::ExpiredTokens;
use crate::root_element::DocumentedRoots;

/// A client of S3. Names of buckets do not go into host names where the user names the endpoint, and nothing that is
/// read or written here takes the sessions that objects of directory buckets do.
pub(crate) fn client(config: &SdkConfig, retry_partition: RetryPartition) -> Client {
    let mut configuration = aws_sdk_s3::config::Builder::from(config)
        .retry_partition(retry_partition)
        .retry_classifier(ExpiredTokens)
        .disable_s3_express_session_auth(true)
        .force_path_style(config.endpoint_url().is_some());
    if let Some(http) = config.http_client() {
        configuration = configuration.http_client(DocumentedRoots(http));
    }
    Client::from_conf(configuration.build())
}
