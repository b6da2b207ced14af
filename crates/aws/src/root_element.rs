//! Answers of S3 whose outermost element has another name than AWS documents.
//!
//! The name carries nothing, and most SDKs do not look at it; some endpoints that are not AWS's have it different. The
//! Rust SDK takes such an answer for a broken one.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextMut;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;

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

/// Gives `OPERATIONResponse` the name that AWS documents.
#[derive(Debug)]
pub(crate) struct RootElement;

#[dyn_dispatch_hint]
impl Intercept for RootElement {
    fn name(&self) -> &'static str {
        "RootElement"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        if !response.status().is_success() {
            return Ok(());
        }
        let renamed = response
            .body()
            .bytes()
            .and_then(|body| std::str::from_utf8(body).ok())
            .and_then(renamed);
        if let Some(renamed) = renamed {
            *response.body_mut() = SdkBody::from(renamed);
        }
        Ok(())
    }
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
