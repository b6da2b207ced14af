//! The commands of each kind of policy, and those that are not given.

use serde_json::json;

use super::*;
use crate::plan::{Claim, Edit, Means, Proof};

const SID: &str = "Ringfence5e4f8a102b7c5d3e9f016a7b8c9d0e1f";

fn target(resource_type: &str, arn: &str, region: &str) -> Target {
    Target {
        resource_type: resource_type.to_owned(),
        arn: arn.to_owned(),
        account: "111122223333".to_owned(),
        region: region.to_owned(),
    }
}

fn of(arn: &str, region: &str, slot: Slot) -> Option<Vec<String>> {
    let added = [AddedStatements { slot, sids: vec![SID.to_owned()] }];
    commands(&target("", arn, region), &added)
}

#[test]
fn each_policy_is_read_filtered_and_written_back() {
    let filter = format!("jq '.Statement |= map(select(.Sid != \"{SID}\"))' > policy.json");
    let point = "arn:aws:s3:eu-west-1:111122223333:accesspoint/point";
    for (arn, slot, read, write) in [
        (
            "arn:aws:s3:::data",
            Slot::BucketPolicy,
            "s3api get-bucket-policy --bucket data ",
            "s3api put-bucket-policy --bucket data ",
        ),
        (
            "arn:aws:s3express:eu-west-1:111122223333:bucket/cache--euw1-az1--x-s3",
            Slot::DirectoryBucketPolicy,
            "s3api get-bucket-policy --bucket cache--euw1-az1--x-s3 ",
            "--bucket cache--euw1-az1--x-s3 ",
        ),
        (
            "arn:aws:s3:::data",
            Slot::AccessPointPolicy { access_point_arn: point.to_owned() },
            "s3control get-access-point-policy --account-id 111122223333 --name point ",
            "s3control put-access-point-policy --account-id 111122223333 --name point ",
        ),
        (
            "arn:aws:kms:eu-west-1:111122223333:key/k",
            Slot::KeyPolicy,
            "--policy-name default ",
            "--policy-name default ",
        ),
        (
            "arn:aws:sns:eu-west-1:111122223333:news",
            Slot::TopicPolicy,
            "Attributes.Policy ",
            "--attribute-name Policy ",
        ),
        (
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:team/a+b@c-AbCdEf",
            Slot::SecretPolicy,
            "--secret-id arn:aws:secretsmanager:eu-west-1:111122223333:secret:team/a+b@c-AbCdEf ",
            "--resource-policy ",
        ),
        (
            "arn:aws:ecr:eu-west-1:111122223333:repository/pay/app",
            Slot::RepositoryPolicy,
            "--repository-name pay/app ",
            "--policy-text ",
        ),
        (
            "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1",
            Slot::FileSystemPolicy,
            "--file-system-id fs-1 ",
            "--policy ",
        ),
        (
            "arn:aws:dynamodb:eu-west-1:111122223333:table/cards",
            Slot::TablePolicy,
            "get-resource-policy ",
            "put-resource-policy ",
        ),
    ] {
        let given = of(arn, "eu-west-1", slot).unwrap();
        let [get, put] = given.as_slice() else { panic!("{given:?}") };
        assert!(get.contains(read) && get.ends_with(&filter), "{get}");
        assert!(put.contains(write) && put.contains(" file://policy.json"), "{put}");
        assert!(
            get.contains("--region eu-west-1") && put.contains("--region eu-west-1"),
            "{get} {put}"
        );
    }
}

#[test]
fn what_a_shell_would_read_or_is_no_policy_has_no_commands() {
    assert_eq!(of("arn:aws:s3:::a;id", "eu-west-1", Slot::BucketPolicy), None);
    assert_eq!(of("arn:aws:s3:::a", "$(id)", Slot::BucketPolicy), None);
    assert_eq!(of("arn:aws:iam::111122223333:role/$(id)", "global", Slot::RoleTrustPolicy), None);
    assert_eq!(of("arn:aws:s3:::a", "eu-west-1", Slot::BucketAcl), None);
    let point = "arn:aws:s3::111122223333:accesspoint/abc.mrap".to_owned();
    assert_eq!(of("arn:aws:s3:::a", "", Slot::AccessPointPolicy { access_point_arn: point }), None);
    let sids = vec!["a') | `id`".to_owned()];
    let bucket = target("", "arn:aws:s3:::a", "eu-west-1");
    assert_eq!(commands(&bucket, &[AddedStatements { slot: Slot::BucketPolicy, sids }]), None);
    assert_eq!(commands(&bucket, &[]), None);
}

#[test]
fn only_a_plan_that_only_adds_can_be_taken_back_so() {
    let policy = |sids: &[&str]| {
        let statements: Vec<_> = sids.iter().map(|sid| json!({ "Sid": sid })).collect();
        Some(json!({ "Statement": statements }).to_string())
    };
    let plan = |edits: Vec<(Slot, Option<String>, Option<String>)>| Plan {
        finding_id: String::new(),
        target: target("AWS::S3::Bucket", "arn:aws:s3:::a", "eu-west-1"),
        means: Means::Deny,
        sid: Some(SID.to_owned()),
        edits: edits
            .into_iter()
            .map(|(slot, before, after)| Edit { slot, before, after })
            .collect(),
        proof: Proof {
            closes: Claim::Proved,
            keeps: Claim::Proved,
            adds_nothing: Claim::Proved,
            administrable: Claim::Proved,
            valid: Claim::Proved,
        },
    };
    let second = format!("{SID}n1");
    let adds = (Slot::BucketPolicy, policy(&["In"]), policy(&["In", SID, &second]));
    let added = added_statements(&plan(vec![adds.clone()]));
    assert_eq!(
        added,
        [AddedStatements { slot: Slot::BucketPolicy, sids: vec![SID.to_owned(), second] }]
    );
    for other in [
        vec![],
        vec![adds.clone(), (Slot::BucketPublicAccessBlock, None, Some("{}".to_owned()))],
        vec![(Slot::BucketPolicy, policy(&["In"]), policy(&[SID]))],
        vec![(Slot::BucketPolicy, policy(&["In"]), policy(&["In", "Other"]))],
        vec![(Slot::BucketPolicy, None, policy(&[SID]))],
        vec![(Slot::BucketPolicy, policy(&[]), policy(&[SID]))],
    ] {
        assert_eq!(added_statements(&plan(other)), []);
    }
}
