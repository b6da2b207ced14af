//! Requests through access points: the access point's policy and the bucket's must both allow.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html>. The two policies
//! name different resources for one request: `…:accesspoint/name/object/key` and `bucket/key`. The access
//! point's policy is read as one about the bucket, so that both look at the same key.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use ringfence_policy::catalogue::Catalogue;
use ringfence_policy::{Located, Pattern, PatternElement, PolicyDocument, Variables, Wildcards};
use serde_json::json;

use crate::inventory::NetworkOrigin;
use crate::pattern_rest::{self, HasVariable};
use crate::question::{ActionOn, Way};
use crate::synthetic;

/// An access point and the bucket it leads to.
#[derive(Clone, Copy)]
pub(crate) struct Door<'d> {
    pub(crate) access_point: &'d str,
    pub(crate) bucket: &'d str,
}

impl Door<'_> {
    /// The access point's policy with the bucket's resources in the place of the access point's.
    pub(crate) fn on_bucket(
        self,
        mut document: PolicyDocument,
    ) -> Result<PolicyDocument, HasVariable> {
        for statement in &mut document.statements {
            if let Some(resource) = &mut statement.resource {
                self.translate(resource)?;
            }
        }
        Ok(document)
    }

    fn translate(self, element: &mut PatternElement) -> Result<(), HasVariable> {
        let objects = format!("{}/object/", self.access_point);
        let mut patterns = Vec::new();
        for Located { value, span } in &element.patterns {
            if pattern_rest::matches(value, self.access_point)? {
                patterns.push(Located::new(Pattern::literal(self.bucket), *span));
            }
            for rest in pattern_rest::behind(value, &objects)? {
                let text = format!("{}/{rest}", pattern_rest::escaped(self.bucket));
                let pattern = Pattern::new(&text, Wildcards::Yes, Variables::Yes);
                patterns.push(Located::new(pattern, *span));
            }
        }
        element.patterns = patterns;
        Ok(())
    }

    /// Names the resource of a way's witness as the request does.
    pub(crate) fn name_resource(self, way: &mut Way) {
        let resource = &mut way.witness.resource;
        if let Some(key) = resource.strip_prefix(self.bucket) {
            *resource = match key.strip_prefix('/') {
                Some(key) => format!("{}/object/{key}", self.access_point),
                None => self.access_point.to_owned(),
            };
        }
    }
}

/// Actions on the access point itself, not on what it leads to.
const ON_ITSELF: &[&str] = &["s3:ListTagsForResource", "s3:TagResource", "s3:UntagResource"];

/// Of the actions on a bucket and its objects those that work through an access point:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-service-api-support.html>.
pub(crate) fn actions_through(actions: &[ActionOn]) -> Vec<ActionOn> {
    static WORKING: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let held = Catalogue::embedded().resource_policy_actions("AWS::S3::AccessPoint");
        let names = held.into_iter().flatten().map(|own| own.action.to_string());
        // The service authorization reference leaves it out; the page above has it.
        let listing = std::iter::once("s3:ListBucketMultipartUploads".to_owned());
        names.chain(listing).filter(|name| !ON_ITSELF.contains(&name.as_str())).collect()
    });
    actions.iter().filter(|own| WORKING.contains(&own.action)).cloned().collect()
}

/// Denies what does not come from the VPC that an access point is bound to.
pub(crate) fn only_from(origin: &NetworkOrigin) -> Option<PolicyDocument> {
    let NetworkOrigin::Vpc(vpc) = origin else { return None };
    Some(synthetic::document(&[json!({
        "Effect": "Deny", "Principal": "*", "Action": "*",
        "Condition": {"StringNotEquals": {"aws:SourceVpc": vpc}},
    })]))
}
