#![doc = include_str!("s3_bucket.md")]

use ringfence_access::inventory::ResourceType;
use ringfence_access::observation::Source;
use ringfence_validation::ValidatePolicyResourceType;

use super::Strategy;
use crate::resolution::candidate::Candidate;
use crate::resolution::case::Case;
use crate::resolution::offers;
use crate::resolution::rules::{Administration, Anonymous, Empty, PolicyRules, Size};
use crate::slot::Slot;

pub(super) const UNIT: Strategy = Strategy {
    resource_type: ResourceType::S3Bucket,
    policy: Some(PolicyRules {
        slot: Slot::BucketPolicy,
        size: Size::Bytes(20_480),
        statements: None,
        actions: None,
        resources: bucket_and_objects,
        validated_as: Some(ValidatePolicyResourceType::S3Bucket),
        administration: Administration::NotDenied(&["s3:DeleteBucketPolicy", "s3:PutBucketPolicy"]),
        anonymous: Anonymous::Nobody,
    }),
    offers,
    how: "Block Public Access where nobody else loses anything; a Deny in the bucket policy, also for access points; a named grant of the access control list is taken out",
    closes: "bucket policy, access control list, access points of the own and of other accounts, multi-Region access points, alone and together",
    cannot: "a public access control list under an organization as zone of trust loses nobody only by a Deny; without room in the bucket policy somebody has to agree",
};

fn bucket_and_objects(arn: &str) -> Vec<String> {
    vec![arn.to_owned(), format!("{arn}/*")]
}

fn offers(case: &Case<'_>, strategy: &Strategy) -> Vec<Candidate> {
    let Some(rules) = &strategy.policy else { return Vec::new() };
    let mut sources = case.access.iter().flat_map(|own| &own.sources);
    let by_list_alone = sources.all(|own| *own == Source::BucketAcl);
    let is_public = case.access.iter().any(|own| own.is_public);
    let removal = offers::removal(case, Empty::Deleted);
    let mut all: Vec<Candidate> = Vec::new();
    if by_list_alone && !is_public {
        all.extend(removal.clone());
    }
    all.extend(offers::block(case));
    all.extend(offers::deny(case, rules));
    all.extend(removal.filter(|_| !by_list_alone || is_public));
    all
}
