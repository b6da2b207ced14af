#![doc = include_str!("resource_policy.md")]

use std::slice;

use super::Reading;
use crate::arn::Arn;
use crate::evaluate::facts::Facts;
use crate::evaluate::stack::{Layer, PolicyStack};
use crate::request::Caller;

pub(super) fn read<'p>(facts: &Facts<'_>, stack: &'p PolicyStack) -> Option<Reading<'p>> {
    let document = stack.resource_policy.as_ref()?;
    let mut reading = Reading::new(Layer::ResourcePolicy, None, slice::from_ref(document), facts);
    if is_owner_root_repairing_bucket_policy(facts) {
        reading.matching.clear();
    }
    Some(reading)
}

/// Whether nobody gets in whom the resource policy does not name, itself or through its account.
pub(in crate::evaluate) fn must_allow(facts: &Facts<'_>) -> bool {
    let Some(arn) = Arn::parse(&facts.request.resource) else { return false };
    let is_trust =
        facts.service() == "sts" && arn.service == "iam" && arn.resource.starts_with("role/");
    let is_key =
        facts.service() == "kms" && arn.service == "kms" && arn.resource.starts_with("key/");
    is_trust || is_key
}

/// Whether the root user of the bucket's owner manages the bucket policy, which that policy cannot deny.
fn is_owner_root_repairing_bucket_policy(facts: &Facts<'_>) -> bool {
    let repairs = ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"];
    let is_root = matches!(facts.caller(), Caller::Root { .. });
    let owner = facts.resource_account();
    is_root
        && owner.is_none_or(|owner| facts.caller().account() == Some(owner))
        && repairs.iter().any(|action| facts.is_action(action))
}
