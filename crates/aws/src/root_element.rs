//! Answers of S3 whose outermost element has another name than AWS documents.
//!
//! The name carries nothing, and most SDKs do not look at it; some endpoints that are not AWS's have it different. The
//! Rust SDK takes such an answer for a broken one.

use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

/// Roots that do not follow the rule: operation and documented name.
const NAMED: &[(&str, &str)] = &[
    ("GetBucketAcl", "AccessControlPolicy"),
    ("GetBucketLogging", "BucketLoggingStatus"),
    ("GetBucketOwnershipControls", "OwnershipControls"),
    ("GetBucketTagging", "Tagging"),
    ("GetBucketVersioning", "VersioningConfiguration"),
    ("GetPublicAccessBlock", "PublicAccessBlockConfiguration"),
    ("ListBuckets", "ListAllMyBucketsResult"),
];

/// A client that gives `OPERATIONResponse` the name that AWS documents. It is for answers that are read whole.
#[derive(Debug)]
pub(crate) struct DocumentedRoots(pub(crate) SharedHttpClient);

impl HttpClient for DocumentedRoots {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector(self.0.http_connector(settings, components)))
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}

#[derive(Debug)]
struct Connector(SharedHttpConnector);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move { documented(answer.await?).await })
    }
}

async fn documented(mut response: HttpResponse) -> Result<HttpResponse, ConnectorError> {
    let body = std::mem::replace(response.body_mut(), SdkBody::taken());
    let read = ByteStream::new(body).collect().await;
    let bytes = read.map_err(|error| ConnectorError::io(error.into()))?.into_bytes();
    // A body that broke off must stay one that is shorter than its length says.
    let length = response.headers().get("content-length").and_then(|text| text.parse().ok());
    let is_whole = length.is_none_or(|length: usize| length == bytes.len());
    let is_answer = response.status().is_success() && is_whole;
    let text = std::str::from_utf8(&bytes).ok().filter(|_| is_answer);
    let Some(renamed) = text.and_then(renamed) else {
        *response.body_mut() = SdkBody::from(bytes);
        return Ok(response);
    };
    if length.is_some() {
        response.headers_mut().insert("content-length", renamed.len().to_string());
    }
    *response.body_mut() = SdkBody::from(renamed);
    Ok(response)
}

fn renamed(text: &str) -> Option<String> {
    let after_declaration = match text.trim_start().strip_prefix("<?") {
        Some(rest) => rest.split_once("?>")?.1,
        None => text,
    };
    let element = after_declaration.trim_start().strip_prefix('<')?;
    let end = element.find(|char: char| !char.is_ascii_alphanumeric())?;
    let (name, rest) = element.split_at(end);
    let operation = name.strip_suffix("Response")?;
    let documented = NAMED.iter().find(|(named, _)| *named == operation);
    let to = documented.map_or_else(|| format!("{operation}Result"), |(_, to)| (*to).to_owned());
    let closing = format!("</{name}>");
    let rest = match rest.rfind(&closing) {
        Some(place) => format!("{}</{to}>", rest.get(..place)?),
        None => rest.to_owned(),
    };
    Some(format!("<{to}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_outermost_element_is_renamed() {
        let text = "<?xml version=\"1.0\"?>\n<ListAccessPointsResponse xmlns=\"x\"><A/></ListAccessPointsResponse>";
        let expected = "<ListAccessPointsResult xmlns=\"x\"><A/></ListAccessPointsResult>";
        assert_eq!(renamed(text).as_deref(), Some(expected));
        let empty = renamed("<GetBucketVersioningResponse xmlns=\"x\"/>");
        assert_eq!(empty.as_deref(), Some("<VersioningConfiguration xmlns=\"x\"/>"));
        assert_eq!(renamed("<AccessControlPolicy></AccessControlPolicy>"), None);
        assert_eq!(renamed("{}"), None);
    }
}
