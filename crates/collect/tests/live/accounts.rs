//! Three accounts with every resource type: what was put in comes out, again, and after being killed.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::moto::{Moto, OTHERS, OWN, ids};
use crate::pages;
use crate::proxy::{Fate, Proxy};
use crate::run::{Folder, collector, content, json, not_read, ringfence, said};

/// What moto does not have, or not as AWS has it. A full collection of AWS reads these as well.
const GAPS: [&str; 3] = [
    "ec2:GetSnapshotBlockPublicAccessState",
    "dynamodb:GetResourcePolicy",
    "s3express:ListAllMyDirectoryBuckets",
];

fn resource(out: &Path, path: &str) -> Value {
    json(&out.join("accounts").join(OWN).join("eu-west-1").join(path))
}

#[test]
#[ignore = "needs the Python environment"]
fn what_was_put_in_comes_out() {
    let moto = Moto::planted();
    let folder = Folder::new("planted");
    let out = folder.out();
    let done = collector(&out, &moto.url())
        .args(["--accounts", &ids(), "--max-attempts", "2"])
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(4), "{}", said(&done));
    let actions: BTreeSet<String> = not_read(&out).into_iter().map(|(action, _)| action).collect();
    assert_eq!(actions, GAPS.map(str::to_owned).into(), "{}", said(&done));
    assert!(!out.join(".collect").exists());
    assert!(Moto::validate(&out) > 50);
    assert!(pages::name_what_is_written(&out) >= 13);

    let account = json(&out.join("accounts").join(OWN).join("account.json"));
    assert_eq!(account["AccountAlias"], format!("alias-{OWN}"));
    assert_eq!(account["OpenIDConnectProviderList"][0]["ClientIDList"][0], "sts.amazonaws.com");
    let details = json(&out.join("accounts").join(OWN).join("authorization-details.json"));
    assert_eq!(details["RoleDetailList"][0]["RoleName"], "open-role");
    assert_eq!(details["UserDetailList"][0]["GroupList"][0], "staff");
    assert_eq!(details["Policies"][0]["PolicyName"], "boundary");

    let bucket = resource(&out, &format!("AWS-S3-Bucket/open-{OWN}.json"));
    assert_eq!(bucket["tags"][0]["Value"], "blue");
    assert_eq!(bucket["attributes"]["Versioning"]["Status"], "Enabled");
    let points = &bucket["configuration"]["s3Bucket"]["accessPoints"];
    assert_eq!(points.as_object().unwrap().len(), 1);
    let closed = resource(&out, &format!("AWS-S3-Bucket/closed-{OWN}.json"));
    let block = &closed["configuration"]["s3Bucket"]["bucketPublicAccessBlock"];
    assert_eq!(block["restrictPublicBuckets"], true);
    let queue = resource(&out, "AWS-SQS-Queue/open-queue.json");
    let statement = &queue["configuration"]["sqsQueue"]["queuePolicy"]["Statement"][0];
    assert_eq!(statement["Sid"], "Open");
    let snapshot = resource(&out, "AWS-RDS-DBSnapshot/db-shared.json");
    let restore = &snapshot["configuration"]["rdsDbSnapshot"]["attributes"]["restore"];
    assert_eq!(restore["accountIds"][0], "all");
}

#[test]
#[ignore = "needs the Python environment"]
fn a_live_scan_finds_what_was_planted() {
    let moto = Moto::planted();
    let done = ringfence()
        .args(["scan", "--live", "--endpoint-url", &moto.url(), "--region", "eu-west-1"])
        .args(["--accounts", &ids(), "--max-attempts", "2", "--format", "json"])
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(3), "{}", said(&done));
    let result: Value = serde_json::from_slice(&done.stdout).unwrap();
    for account in [OWN, OTHERS[0], OTHERS[1]] {
        let found: BTreeSet<&str> = result["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["resourceOwnerAccount"] == account)
            .map(|finding| finding["resourceType"].as_str().unwrap())
            .collect();
        let planted = BTreeSet::from([
            "AWS::DynamoDB::Table",
            "AWS::EC2::Snapshot",
            "AWS::ECR::Repository",
            "AWS::EFS::FileSystem",
            "AWS::IAM::Role",
            "AWS::KMS::Key",
            "AWS::Lambda::Function",
            "AWS::Lambda::LayerVersion",
            "AWS::RDS::DBClusterSnapshot",
            "AWS::RDS::DBSnapshot",
            "AWS::S3::Bucket",
            "AWS::SNS::Topic",
            "AWS::SQS::Queue",
            "AWS::SecretsManager::Secret",
        ]);
        assert_eq!(found, planted, "{account}");
    }
    let closed = format!("arn:aws:s3:::closed-{OWN}");
    assert!(result["findings"].as_array().unwrap().iter().all(|it| it["resource"] != closed));
    // What moto lacks is said, and nothing else.
    for entry in result["notAnalyzed"].as_array().unwrap() {
        let reason = entry["reason"].as_str().unwrap();
        assert!(GAPS.iter().any(|gap| reason.contains(gap)), "{reason}");
    }
}

#[test]
#[ignore = "needs the Python environment"]
fn a_second_run_rewrites_only_what_changed() {
    let moto = Moto::planted();
    let folder = Folder::new("second-run");
    let out = folder.out();
    let run = || {
        let done = collector(&out, &moto.url()).args(["--max-attempts", "2"]).output().unwrap();
        assert_eq!(done.status.code(), Some(4), "{}", said(&done));
    };
    let queue = out.join(format!("accounts/{OWN}/eu-west-1/AWS-SQS-Queue/open-queue.json"));
    let bucket = out.join(format!("accounts/{OWN}/eu-west-1/AWS-S3-Bucket/open-{OWN}.json"));
    let details = out.join(format!("accounts/{OWN}/authorization-details.json"));
    let inode = |path: &Path| std::fs::metadata(path).unwrap().ino();
    run();
    let before = content(&out);
    let inodes = [&queue, &bucket, &details].map(|path| inode(path));
    run();
    assert_eq!(content(&out), before);
    assert_eq!([&queue, &bucket, &details].map(|path| inode(path)), inodes);
    moto.plant(&["queue", "another-queue"]);
    run();
    assert_eq!([&queue, &bucket, &details].map(|path| inode(path)), inodes);
    assert_eq!(content(&out).len(), before.len() + 1);
}

#[test]
#[ignore = "slow: kills twenty collections; needs the Python environment"]
fn a_run_that_is_killed_goes_on() {
    let moto = Moto::planted();
    let folder = Folder::new("killed");
    let whole = folder.out();
    let command = |out: &Path| {
        let mut command = collector(out, &moto.url());
        command.args(["--accounts", &ids(), "--max-attempts", "1", "--parallel-accounts", "1"]);
        command
    };
    let start = Instant::now();
    command(&whole).output().unwrap();
    let takes = start.elapsed();
    let expected = content(&whole);
    let out = folder.out().with_file_name("broken-off");
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..20 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let share = (random % 1000) as f64 / 1000.0;
        let mut child = command(&out).stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_secs_f64(takes.as_secs_f64() * share));
        child.kill().unwrap();
        child.wait().unwrap();
        check_whole(&out, &expected);
    }
    let done = command(&out).output().unwrap();
    assert_eq!(done.status.code(), Some(4), "{}", said(&done));
    assert_eq!(content(&out), expected);
}

/// What is there of an account is all of it, and a snapshot that is not finished says so.
fn check_whole(out: &Path, expected: &std::collections::BTreeMap<String, String>) {
    let finished = !out.join(".collect/run.json").exists();
    let present = if out.exists() { content(out) } else { return };
    for account in [OWN, OTHERS[0], OTHERS[1]] {
        let prefix = format!("accounts/{account}/");
        let of_account = |files: &std::collections::BTreeMap<String, String>| {
            let files = files.iter().filter(|(name, _)| name.starts_with(&prefix));
            files.map(|(name, text)| (name.clone(), text.clone())).collect::<Vec<_>>()
        };
        let there = of_account(&present);
        assert!(there.is_empty() || there == of_account(expected), "half of {account}");
        assert!(!finished || !there.is_empty() || !present.contains_key("snapshot.json"));
    }
}

#[test]
#[ignore = "needs the Python environment"]
fn finished_accounts_are_not_read_again() {
    let moto = Moto::planted();
    let folder = Folder::new("broken-off");
    let command = |out: &Path, url: &str| {
        let mut command = collector(out, url);
        command.args(["--accounts", &ids(), "--max-attempts", "1", "--parallel-accounts", "1"]);
        command
    };
    let asked = Arc::new(AtomicUsize::new(0));
    let listings = Arc::clone(&asked);
    // Credentials end before the third account's queues are listed, and are renewed later.
    let proxy = Proxy::start(moto.port, move |request| {
        if request.operation.as_deref() != Some("ListQueues") {
            return Fate::Answer;
        }
        match listings.fetch_add(1, Ordering::Relaxed) {
            2 => Fate::Instead(
                400,
                "application/x-amz-json-1.0",
                "{\"__type\":\"ExpiredTokenException\",\"message\":\"too late\"}".to_owned(),
            ),
            _ => Fate::Answer,
        }
    });
    let out = folder.out();
    let done = command(&out, &proxy.url()).output().unwrap();
    assert_eq!(done.status.code(), Some(1), "{}", said(&done));
    let text = said(&done);
    assert!(text.contains("expired") && text.contains("run the same command again"), "{text}");
    let there = |account: &str| out.join("accounts").join(account).exists();
    assert_eq!([OWN, OTHERS[0], OTHERS[1]].map(there), [true, true, false]);
    assert!(!out.join("snapshot.json").exists());
    let scanned = ringfence().args(["scan", "--format", "json"]).arg(&out).output().unwrap();
    let scanned = String::from_utf8_lossy(&scanned.stdout).into_owned();
    assert!(scanned.contains("the collection of this snapshot has not finished"), "{scanned}");

    let done = command(&out, &proxy.url()).output().unwrap();
    assert_eq!(done.status.code(), Some(4), "{}", said(&done));
    assert!(said(&done).contains("3 accounts (2 of them by an earlier run)"), "{}", said(&done));
    assert_eq!(asked.load(Ordering::Relaxed), 4);
    let undisturbed = out.with_file_name("undisturbed");
    command(&undisturbed, &proxy.url()).output().unwrap();
    assert_eq!(content(&out), content(&undisturbed));
}

#[test]
#[ignore = "needs the Python environment"]
fn the_transcript_of_the_readme_is_true() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, rest) = readme.split_once("\n$ ringfence scan --live ").unwrap();
    let (transcript, _) = rest.split_once("\n```").unwrap();
    let (arguments, shown) = transcript.split_once('\n').unwrap();
    let moto = Moto::planted();
    let folder = Folder::new("readme");
    let done = ringfence()
        .args(["scan", "--live"])
        .args(arguments.split_whitespace())
        .args(["--endpoint-url", &moto.url(), "--max-attempts", "2"])
        .current_dir(folder.out().parent().unwrap())
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(3), "{}", said(&done));
    let output = String::from_utf8(done.stdout).unwrap();
    // Dots stand for any text, at the end of a line or in place of lines.
    let mut rest = output.as_str();
    for part in shown.split("...").map(|part| part.trim_matches('\n')) {
        let found = rest.find(part).unwrap_or_else(|| panic!("not there:\n{part}\n--\n{output}"));
        rest = &rest[found + part.len()..];
    }
}
