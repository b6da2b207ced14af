//! What buckets, directory buckets and account facts share of S3: its control plane, access points, public access
//! blocks.

mod access_points;

pub(super) use access_points::{access_points, multi_region_access_points};

use aws_sdk_s3control::types::PublicAccessBlockConfiguration;
use serde_json::{Value, json};

use super::place::Place;

/// A client of S3 for a place.
pub(super) fn client(place: &Place) -> aws_sdk_s3::Client {
    crate::s3::client(place.config(), place.retry_partition())
}

/// A client of S3's control plane for a place.
pub(super) fn control(place: &Place) -> aws_sdk_s3control::Client {
    crate::s3::control(place.config(), place.retry_partition())
}

/// A public access block of the control plane, as its API has it.
pub(super) fn four_members(block: &PublicAccessBlockConfiguration) -> Value {
    json!({
        "BlockPublicAcls": block.block_public_acls.unwrap_or(false),
        "IgnorePublicAcls": block.ignore_public_acls.unwrap_or(false),
        "BlockPublicPolicy": block.block_public_policy.unwrap_or(false),
        "RestrictPublicBuckets": block.restrict_public_buckets.unwrap_or(false),
    })
}
