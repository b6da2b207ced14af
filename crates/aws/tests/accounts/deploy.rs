//! What `deploy/` installs allows what is called, and nothing else; its event rule lets through what it should.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ringfence_aws::live::{ArchiveCriterion, AwsStatus};
use ringfence_response::slot::Slot;
use serde_json::Value;

use crate::actions::action;
use crate::moto::Moto;
use crate::proxy::{Fate, Proxy};
use crate::reach::{accounts, block_on, target};
use crate::recorded::{DIRECTORY, POINT, POLICY, Recorded, STREAM, SYSTEM};
use crate::slots::planted;

const DEPLOY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/");

/// The actions that the statements of a policy allow; each statement lists them in order.
fn allowed(file: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(Path::new(DEPLOY).join(file)).unwrap();
    let policy: Value = serde_json::from_str(&text).unwrap();
    let mut actions = BTreeSet::new();
    for statement in policy["Statement"].as_array().unwrap() {
        let listed: Vec<String> = match &statement["Action"] {
            Value::String(action) => vec![action.clone()],
            listed => serde_json::from_value(listed.clone()).unwrap(),
        };
        assert!(listed.is_sorted(), "{file}");
        if statement["Effect"] == "Allow" {
            actions.extend(listed);
        }
    }
    actions
}

fn owned(set: BTreeSet<&str>) -> BTreeSet<String> {
    set.into_iter().map(str::to_owned).collect()
}

/// What a template lists, a line each: `- service:Action`, `"service:Action",` or `Action: service:Action`.
fn listed(file: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(Path::new(DEPLOY).join(file)).unwrap();
    let words = text.lines().map(str::trim).flat_map(|line| {
        let in_yaml = line.strip_prefix("- ").or_else(|| line.strip_prefix("Action: "));
        let in_list = line.strip_prefix('"').and_then(|it| it.strip_suffix("\","));
        let alone = line.split_once("= [\"").and_then(|(_, it)| it.strip_suffix("\"]"));
        [in_yaml, in_list, alone].into_iter().flatten()
    });
    let is_action = |word: &&str| {
        word.split_once(':').is_some_and(|(service, name)| {
            !service.is_empty()
                && service
                    .bytes()
                    .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
                && name.starts_with(|first: char| first.is_ascii_uppercase())
                && name.bytes().all(|it| it.is_ascii_alphanumeric())
        })
    };
    words.filter(is_action).filter(|word| *word != "sts:AssumeRole").map(str::to_owned).collect()
}

#[test]
fn every_form_of_the_roles_lists_what_is_declared() {
    let declared = ringfence_aws::live::actions();
    assert_eq!(allowed("remediation-policy.json"), owned(declared.remediation));
    assert_eq!(allowed("role-deletion-policy.json"), owned(declared.role_deletion));
    let collector = allowed("collector-policy.json");
    let mut reading = declared.reading;
    reading.extend(ringfence_aws::collection::actions().one_by_one);
    let besides: BTreeSet<String> = owned(reading).difference(&collector).cloned().collect();
    assert_eq!(allowed("reading-policy.json"), besides);
    let mut all = allowed("remediation-policy.json");
    all.extend(allowed("role-deletion-policy.json"));
    all.extend(besides);
    assert_eq!(listed("remediation-role.yaml"), all);
    assert_eq!(listed("terraform/remediation/main.tf"), all);
    let receiver: BTreeSet<String> =
        ringfence_aws::queue::ACTIONS.iter().map(|it| (*it).to_owned()).collect();
    for file in ["events.yaml", "terraform/events/main.tf"] {
        let sqs = listed(file).into_iter().filter(|it| it.starts_with("sqs:"));
        let others = ["sqs:SendMessage".to_owned()];
        let sqs: BTreeSet<String> = sqs.filter(|it| !others.contains(it)).collect();
        assert_eq!(sqs, receiver, "{file}");
    }
}

#[test]
#[ignore = "needs the Python environment"]
fn all_writes_call_what_the_remediation_role_allows() {
    let moto = Moto::start();
    let cases = planted(&moto);
    let arn = moto.run("plant.py", &["role"], "");
    let (read_by, written_by) = (Recorded::new(), Recorded::new());
    let reader = Proxy::start(moto.port, move |it| read_by.fate(it).unwrap_or(Fate::Answer));
    let writer = Proxy::start(moto.port, move |it| written_by.fate(it).unwrap_or(Fate::Answer));
    block_on(async {
        let (reading, writing) = (accounts(&reader.url()).await, accounts(&writer.url()).await);
        for case in cases.iter().filter(|case| case.gap.as_deref() != Some("all")) {
            let before = reading.read_slot(&case.target, &case.slot).await.unwrap();
            let (before, after) = (before.as_deref(), case.after.as_deref());
            writing.write(&case.target, &case.slot, before, after).await.unwrap();
            // What cannot be deleted, or not here, is told apart elsewhere.
            let _ = writing.write(&case.target, &case.slot, after, None).await;
            let now = writing.read_slot(&case.target, &case.slot).await.unwrap();
            let _ = writing.write(&case.target, &case.slot, now.as_deref(), before).await;
        }
        let point = Slot::AccessPointPolicy { access_point_arn: POINT.to_owned() };
        for (resource_type, arn, slot) in [
            ("AWS::DynamoDB::Stream", STREAM, Slot::StreamPolicy),
            ("AWS::EFS::FileSystem", SYSTEM, Slot::FileSystemPolicy),
            ("AWS::S3Express::DirectoryBucket", DIRECTORY, point),
        ] {
            let target = target(resource_type, arn, "eu-west-1");
            reading.read_each(&target).await.unwrap();
            let after = POLICY.replace("Allow", "Deny");
            writing.write(&target, &slot, Some(POLICY), Some(&after)).await.unwrap();
            writing.write(&target, &slot, Some(&after), None).await.unwrap();
        }
        for bucket in ["arn:aws:s3:::data", "arn:aws:s3:::open-acl"] {
            let target = target("AWS::S3::Bucket", bucket, "eu-west-1");
            reading.read_each(&target).await.unwrap();
            writing.read_each(&target).await.unwrap();
        }
        writing
            .read_each(&target("AWS::S3Express::DirectoryBucket", DIRECTORY, "eu-west-1"))
            .await
            .unwrap();
        let analyzer = "arn:aws:access-analyzer:eu-west-1:123456789012:analyzer/a";
        let _ = reading.aws_finding(analyzer, "id").await;
        for case in &cases {
            let _ = reading.tags(&case.target).await;
            let _ = reading.key_aliases(&case.target).await;
        }
        writing
            .update_aws_findings(analyzer, &["id".to_owned()], AwsStatus::Archived)
            .await
            .unwrap();
        let rule = BTreeMap::from([(
            "resource".to_owned(),
            ArchiveCriterion { eq: vec![DIRECTORY.to_owned()], ..ArchiveCriterion::default() },
        )]);
        writing.create_aws_archive_rule(analyzer, "rule", &rule).await.unwrap();
        writing.start_aws_resource_scan(analyzer, DIRECTORY, "123456789012").await.unwrap();
    });
    same(&called(&writer), &allowed("remediation-policy.json"));

    // The deletion of a role, with its pass of the role to an instance profile, which is a permission and no call.
    let deleter = Proxy::start(moto.port, |_| Fate::Answer);
    let looker = Proxy::start(moto.port, |_| Fate::Answer);
    block_on(async {
        let role = target("AWS::IAM::Role", &arn, "global");
        let (definition, _) = accounts(&looker.url()).await.role(&role).await.unwrap();
        let accounts = accounts(&deleter.url()).await;
        accounts.delete_role(&role, &definition).await.unwrap();
        accounts.restore_role(&role.account, &definition).await.unwrap();
    });
    let mut deletes = called(&deleter);
    for permission in ["iam:PassRole", "iam:PutRolePermissionsBoundary", "iam:TagRole"] {
        deletes.insert(permission.to_owned());
    }
    same(&deletes, &allowed("role-deletion-policy.json"));

    let mut reads = called(&reader);
    reads.extend(called(&looker));
    reads.insert("cloudtrail:LookupEvents".to_owned());
    // What the service reads of one thing by itself is recorded where it does.
    let one_by_one = owned(ringfence_aws::collection::actions().one_by_one);
    reads.extend(one_by_one.difference(&owned(ringfence_aws::live::actions().reading)).cloned());
    let mut may = allowed("collector-policy.json");
    may.extend(allowed("reading-policy.json"));
    let missing: Vec<_> = reads.difference(&may).collect();
    let besides = allowed("reading-policy.json");
    let unused: Vec<_> = besides.difference(&reads).collect();
    assert!(missing.is_empty() && unused.is_empty(), "missing {missing:?}, unused {unused:?}");
}

fn same(called: &BTreeSet<String>, allowed: &BTreeSet<String>) {
    let missing: Vec<_> = called.difference(allowed).collect();
    let unused: Vec<_> = allowed.difference(called).collect();
    assert!(missing.is_empty() && unused.is_empty(), "missing {missing:?}, unused {unused:?}");
}

fn called(proxy: &Proxy) -> BTreeSet<String> {
    let calls = proxy.calls.lock().unwrap();
    let of_services = calls.iter().filter(|(service, _)| service != "sts");
    of_services.map(|(service, call)| action(service, call)).collect()
}

#[test]
#[ignore = "needs the Python environment"]
fn the_rule_lets_through_what_it_should() {
    let moto = Moto::start();
    assert_eq!(moto.run("deployed.py", &["cloudformation", DEPLOY], ""), "deployed");
}

#[test]
#[ignore = "needs the Python environment and Terraform with its AWS provider"]
fn terraform_installs_the_same() {
    let Some(plugins) = plugins() else { panic!("no mirror has Terraform's AWS provider") };
    let moto = Moto::start();
    let said = moto.run("deployed.py", &["terraform", DEPLOY, &plugins.to_string_lossy()], "");
    assert_eq!(said, "deployed");
}

/// Where Terraform's AWS provider lies: in the folder that is named, or in one of Terraform's local mirrors.
fn plugins() -> Option<std::path::PathBuf> {
    let home = std::env::var_os("HOME").map(std::path::PathBuf::from).unwrap_or_default();
    let named = std::env::var_os("RINGFENCE_TERRAFORM_PLUGINS").map(std::path::PathBuf::from);
    let mut places: Vec<std::path::PathBuf> = named.into_iter().collect();
    places.push(home.join(".terraform.d/plugins"));
    places.push(home.join(".local/share/terraform/plugins"));
    places.push("/usr/local/share/terraform/plugins".into());
    places.push("/usr/share/terraform/plugins".into());
    let installed = std::fs::read_dir("/opt").into_iter().flatten().flatten();
    places.extend(installed.map(|entry| entry.path()));
    places.into_iter().find(|place| place.join("registry.terraform.io/hashicorp/aws").is_dir())
}
