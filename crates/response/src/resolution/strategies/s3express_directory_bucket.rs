#![doc = include_str!("s3express_directory_bucket.md")]

use ringfence_access::inventory::ResourceType;

use super::{Strategy, deny_or_removal};
use crate::resolution::rules::{Administration, Anonymous, PolicyRules, Size, itself};
use crate::slot::Slot;

pub(super) const UNIT: Strategy = Strategy {
    resource_type: ResourceType::S3ExpressDirectoryBucket,
    policy: Some(PolicyRules {
        slot: Slot::DirectoryBucketPolicy,
        size: Size::Bytes(20_480),
        statements: None,
        actions: None,
        resources: itself,
        validated_as: None,
        administration: Administration::NotDenied(&[
            "s3express:DeleteBucketPolicy",
            "s3express:PutBucketPolicy",
        ]),
        anonymous: Anonymous::Nobody,
    }),
    offers: deny_or_removal,
    how: "a Deny; for everybody, one that spares the zone of trust and services; else the principal is taken out",
    closes: "the bucket policy, access points",
    cannot: "public access, which there is none of: Block Public Access is always on",
};
