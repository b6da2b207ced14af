//! The registry of resource types against AWS's list. The pages' examples run in the `sources` crate, which
//! reads the files.

use super::*;

/// AWS's `ResourceType` without `AWS::IAM::User`, which only unused access findings have:
/// <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_FindingSummaryV2.html>.
const AWS_LIST: [&str; 16] = [
    "AWS::S3::Bucket",
    "AWS::IAM::Role",
    "AWS::SQS::Queue",
    "AWS::Lambda::Function",
    "AWS::Lambda::LayerVersion",
    "AWS::KMS::Key",
    "AWS::SecretsManager::Secret",
    "AWS::EFS::FileSystem",
    "AWS::EC2::Snapshot",
    "AWS::ECR::Repository",
    "AWS::RDS::DBSnapshot",
    "AWS::RDS::DBClusterSnapshot",
    "AWS::SNS::Topic",
    "AWS::S3Express::DirectoryBucket",
    "AWS::DynamoDB::Table",
    "AWS::DynamoDB::Stream",
];

fn sorted<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable();
    names
}

#[test]
fn every_type_of_aws_has_one_unit() {
    let units = sorted(UNITS.iter().map(|unit| unit.resource_type.as_str()));
    assert_eq!(units, sorted(AWS_LIST));
    assert_eq!(units, sorted(ResourceType::ALL.iter().map(|own| own.as_str())));
}

/// `AWS::RDS::DBClusterSnapshot` lives in `rds_db_cluster_snapshot.rs`: words in snake case, acronyms as one word.
#[test]
fn units_have_the_names_of_their_types() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/resource_types");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap().path().file_name()?.to_str()?.to_owned()))
        .filter_map(|name| name.strip_suffix(".rs").map(str::to_owned))
        .filter(|name| !matches!(name.as_str(), "mod" | "tests"))
        .map(|name| name.replace('_', ""))
        .collect();
    files.sort();
    let named = UNITS.iter().map(|unit| unit.resource_type.as_str());
    let mut expected: Vec<String> =
        named.map(|name| name.replace("AWS::", "").replace("::", "").to_lowercase()).collect();
    expected.sort();
    assert_eq!(files, expected);
}

#[test]
fn every_unit_has_actions_in_the_catalogue() {
    let catalogue = ringfence_policy::catalogue::Catalogue::embedded();
    for unit in UNITS {
        let actions = catalogue.resource_policy_actions(unit.resource_type.as_str());
        assert!(actions.is_some_and(|actions| !actions.is_empty()), "{}", unit.resource_type);
    }
}
