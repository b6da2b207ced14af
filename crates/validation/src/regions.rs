//! The Regions and partitions of AWS.
//!
//! <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>

use crate::glob;

/// The codes of all Regions, with those of the isolated partitions.
const REGIONS: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-isoe-west-1",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "me-west-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
    "us-west-1",
    "us-west-2",
];

/// The partitions: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>.
const PARTITIONS: &[&str] =
    &["aws", "aws-cn", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-us-gov"];

/// Whether the pattern, which may hold wildcards and variables, can be a Region.
pub(crate) fn can_be_region(pattern: &str) -> bool {
    is_one_of(pattern, REGIONS)
}

/// Whether the pattern, which may hold wildcards and variables, can be a partition.
pub(crate) fn can_be_partition(pattern: &str) -> bool {
    is_one_of(pattern, PARTITIONS)
}

fn is_one_of(pattern: &str, names: &[&str]) -> bool {
    pattern == "*"
        || names.contains(&pattern)
        || names.iter().any(|name| glob::overlaps(pattern, name))
}
