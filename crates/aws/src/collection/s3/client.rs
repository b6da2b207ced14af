//! A client of S3.

use aws_sdk_s3::Client;

use crate::collection::place::Place;
use crate::retry::ExpiredTokens;
use crate::root_element::DocumentedRoots;

/// A client of S3. Names of buckets do not go into host names where the user names the endpoint, and nothing that is
/// read here takes the sessions that objects of directory buckets do.
pub(in crate::collection) fn client(place: &Place) -> Client {
    let mut configuration = aws_sdk_s3::config::Builder::from(place.config())
        .retry_partition(place.retry_partition())
        .retry_classifier(ExpiredTokens)
        .disable_s3_express_session_auth(true)
        .force_path_style(place.config().endpoint_url().is_some());
    if let Some(http) = place.config().http_client() {
        configuration = configuration.http_client(DocumentedRoots(http));
    }
    Client::from_conf(configuration.build())
}
