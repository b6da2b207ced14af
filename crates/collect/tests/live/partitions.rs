//! Partitions other than `aws`: what AWS does not have there is told apart from what could not be read.

use serde_json::json;

use crate::moto::{Moto, OWN};
use crate::run::{Folder, clean, json, not_read, ringfence, said};

/// Collects the caller's account from a region, and gives the program's result.
fn collect(moto: &Moto, folder: &Folder, region: &str) -> std::process::Output {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_ringfence-collect"));
    command.arg("--out").arg(folder.out()).args([
        "--endpoint-url",
        &moto.url(),
        "--region",
        region,
    ]);
    clean(&mut command);
    command.output().unwrap()
}

#[test]
#[ignore = "needs the Python environment"]
fn what_a_partition_lacks_is_told_apart_and_not_analyzed() {
    let moto = Moto::start();
    for (region, partition) in [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")] {
        moto.plant(&["open-queue", region]);
        let folder = Folder::new(&format!("partition-{partition}"));
        let done = collect(&moto, &folder, region);
        let manifest = json(&folder.out().join("snapshot.json"));
        assert_eq!(manifest["partition"], partition);
        let absent = json!([
            {
                "region": null,
                "resourceType": "AWS::S3::Bucket",
                "reason": format!("there are no Multi-Region Access Points in the partition `{partition}`"),
            },
            {
                "region": null,
                "resourceType": "AWS::S3Express::DirectoryBucket",
                "reason": format!("there are no directory buckets in the partition `{partition}`"),
            },
        ]);
        assert_eq!(manifest["absent"], absent, "{}", said(&done));
        let unread = not_read(&folder.out());
        assert!(unread.iter().all(|(_, reason)| !reason.contains("there are no")), "{unread:?}");
        assert!(
            said(&done).contains("not there: there are no directory buckets"),
            "{}",
            said(&done)
        );
        assert!(Moto::validate(&folder.out()) > 2);
        let queue = folder.out().join(format!("accounts/{OWN}/{region}/AWS-SQS-Queue/open.json"));
        let arn = json(&queue)["arn"].as_str().unwrap().to_owned();
        assert_eq!(arn, format!("arn:{partition}:sqs:{region}:{OWN}:open"));

        // What is not there is told apart, and is not analyzed either.
        let scanned =
            ringfence().args(["scan", "--format", "json"]).arg(folder.out()).output().unwrap();
        assert_eq!(scanned.status.code(), Some(3), "{}", said(&scanned));
        let result: serde_json::Value = serde_json::from_slice(&scanned.stdout).unwrap();
        assert_eq!(result["summary"]["absent"], absent);
        let found = result["findings"].as_array().unwrap();
        assert!(
            found.iter().any(|finding| finding["resource"] == arn && finding["isPublic"] == true)
        );
        let counted = result["notAnalyzed"].as_array().unwrap().len();
        assert_eq!(counted, unread.len() + 2, "{}", result["notAnalyzed"]);
    }
}
