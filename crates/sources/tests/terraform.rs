//! Terraform plans. `plan.json` is what Terraform 1.11 with version 5.100 of the AWS provider makes of `main.tf`.

use std::path::{Path, PathBuf};

use ringfence_access::external::{Analysis, ZoneChoice};
use ringfence_policy::AccountId;
use ringfence_sources::{TerraformOptions, read_terraform_plan};
use terraform_program::Terraform;

#[path = "../../../tests/support/terraform.rs"]
mod terraform_program;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/terraform")
}

/// Who gets in where, a line each, and what each rests on.
fn findings(path: &Path) -> Result<Vec<String>, String> {
    let options = TerraformOptions { account: AccountId::new("111122223333"), region: None };
    let change = read_terraform_plan(path, &options).map_err(|error| error.to_string())?;
    let analysis = Analysis::new(&change.inventory, ZoneChoice::Account);
    let mut all = Vec::new();
    for resource in &change.inventory.resources {
        for found in analysis.resource(resource).observations {
            let (_, who) = found.principal.entry();
            let rests: Vec<_> = found.rests_on.iter().map(|own| own.reason.clone()).collect();
            let condition: Vec<_> =
                found.condition.iter().map(|(key, value)| format!(" {key}={value}")).collect();
            all.push(format!("{} {who}{} {rests:?}", found.resource, condition.concat()));
        }
    }
    for entry in &change.inventory.not_analyzed {
        all.push(format!("not analyzed: {}", entry.reason));
    }
    Ok(all)
}

const EXPECTED: &[&str] = &[
    "arn:aws:s3:::tf-ledger 555566667777 []",
    "arn:aws:s3:::tf-vault 222233334444 aws:PrincipalOrgID=o-1 \
     [\"`aws_iam_role.r.arn` is known after apply\", \"`aws_s3_bucket.vault.arn` is known after apply\"]",
    "arn:aws:kms:eu-west-1:111122223333:key/* 222233334444 [\"the name of `aws_kms_key.k` is known after apply\"]",
    "arn:aws:kms:eu-west-1:111122223333:key/* 555566667777 [\"the name of `aws_kms_key.own` is known after apply\"]",
    "arn:aws:lambda:eu-west-1:111122223333:function:tf-f 222233334444 []",
    "arn:aws:sqs:eu-west-1:111122223333:tf-a * []",
    "arn:aws:sqs:eu-west-1:111122223333:tf-b * []",
    "arn:aws:sqs:eu-west-1:111122223333:tf-fed * aws:SourceArn=arn:aws:sns:eu-west-1:111122223333:tf-t []",
    "arn:aws:sqs:eu-west-1:111122223333:tf-mq * []",
    "arn:aws:sns:eu-west-1:111122223333:tf-card 666677778888 []",
    "arn:aws:sns:eu-west-1:111122223333:tf-t * []",
    "arn:aws:sns:eu-west-1:111122223333:tf-wire 666677778888 []",
    "arn:aws:ecr:eu-west-1:111122223333:repository/tf-e 222233334444 []",
    "arn:aws:iam::111122223333:role/tf-r 999988887777 []",
];

#[test]
fn a_plan_of_every_way_to_attach_a_policy() {
    assert_eq!(findings(&folder().join("plan.json")).unwrap(), EXPECTED);
}

/// What lets somebody in and is not read is said, not dropped.
#[test]
fn grants_that_are_not_read_are_entries() {
    let scratch =
        std::env::temp_dir().join(format!("ringfence-grants-{}.json", std::process::id()));
    let created = |kind: &str, after: serde_json::Value| {
        serde_json::json!({
            "address": format!("{kind}.own"), "mode": "managed", "type": kind, "name": "own",
            "change": { "actions": ["create"], "before": null, "after": after, "after_unknown": {} }
        })
    };
    let everyone = serde_json::json!({
        "grantee": [{ "type": "Group", "uri": "http://acs.amazonaws.com/groups/global/AllUsers" }],
        "permission": "READ"
    });
    let policy = serde_json::json!([{ "grant": [everyone] }]);
    let plan = serde_json::json!({
        "format_version": "1.2",
        "resource_changes": [
            created("aws_s3_bucket", serde_json::json!({ "bucket": "own-bucket", "grant": [] })),
            created("aws_s3_bucket_acl", serde_json::json!({ "bucket": "own-bucket", "access_control_policy": policy })),
            created("aws_ami_launch_permission", serde_json::json!({ "image_id": "ami-1", "account_id": "222233334444" })),
        ],
        "configuration": { "root_module": {} }
    });
    std::fs::write(&scratch, plan.to_string()).unwrap();
    let mut found = findings(&scratch).unwrap();
    found.sort();
    let expected = [
        "not analyzed: access to resources of the type `aws_ami_launch_permission` is not analyzed",
        "not analyzed: what `access_control_policy` grants is not analyzed",
    ];
    assert_eq!(found, expected);
    std::fs::remove_file(&scratch).unwrap();
}

#[test]
fn other_files_and_versions_are_refused() {
    let scratch = std::env::temp_dir().join(format!("ringfence-plans-{}.json", std::process::id()));
    for (text, expected) in [
        ("{}", "this is no Terraform plan: it has no `format_version`"),
        (r#"{"format_version": "2.0"}"#, "the plan has the format version `2.0`"),
        (r#"{"format_version": "1.0", "values": {}}"#, "this is no Terraform plan but a state"),
        ("[", "is not readable JSON"),
    ] {
        std::fs::write(&scratch, text).unwrap();
        let error = findings(&scratch).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    std::fs::remove_file(&scratch).unwrap();
}

#[test]
#[ignore = "needs terraform and its AWS provider"]
fn terraform_itself_makes_a_plan_with_the_same_findings() {
    let scratch = std::env::temp_dir().join(format!("ringfence-terraform-{}", std::process::id()));
    std::fs::create_dir_all(scratch.join("m")).unwrap();
    let Some(terraform) = Terraform::find(&scratch) else { return };
    for name in ["main.tf", "m/main.tf"] {
        std::fs::copy(folder().join(name), scratch.join(name)).unwrap();
    }
    terraform.done(&["init", "-no-color", "-input=false"], &[]);
    terraform.done(&["plan", "-no-color", "-input=false", "-out=plan"], &[]);
    let path = scratch.join("plan.json");
    std::fs::write(&path, terraform.done(&["show", "-json", "plan"], &[])).unwrap();
    assert_eq!(findings(&path).unwrap(), EXPECTED);
    std::fs::remove_dir_all(&scratch).unwrap();
}

/// Without the configuration beside it, or with one that has changed since, a plan says less and nothing else.
#[test]
fn a_configuration_counts_only_for_its_own_plan() {
    let scratch = std::env::temp_dir().join(format!("ringfence-alone-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).unwrap();
    let plan = scratch.join("plan.json");
    std::fs::copy(folder().join("plan.json"), &plan).unwrap();
    let topic = "arn:aws:sns:eu-west-1:111122223333:tf-t * []";
    let unknown = "not analyzed: `PolicyDocument` is not known before deployment: `aws_sns_topic.t.arn` is known after \
                   apply";
    let alone = findings(&plan).unwrap();
    assert!(alone.iter().any(|own| own == unknown) && !alone.iter().any(|own| own == topic));
    let main = std::fs::read_to_string(folder().join("main.tf")).unwrap();
    std::fs::write(scratch.join("main.tf"), &main).unwrap();
    let beside = findings(&plan).unwrap();
    assert!(beside.iter().any(|own| own == topic), "{beside:#?}");
    assert!(!beside.iter().any(|own| own == unknown), "{beside:#?}");
    let changed =
        main.replace("Resource = aws_sns_topic.t.arn", "Resource = aws_sqs_queue.q[\"a\"].arn");
    for text in
        [changed.as_str(), "this is { no configuration", &"[".repeat(100_000), &"!".repeat(100_000)]
    {
        std::fs::write(scratch.join("main.tf"), text).unwrap();
        let other = findings(&plan).unwrap();
        assert!(other.iter().any(|own| own == unknown), "{other:#?}");
    }
    std::fs::remove_dir_all(&scratch).unwrap();
}

/// What a finding of a written policy points at is the configuration.
#[test]
fn statements_stand_where_they_are_written() {
    let options = TerraformOptions { account: AccountId::new("111122223333"), region: None };
    let change = read_terraform_plan(&folder().join("plan.json"), &options).unwrap();
    let analysis = Analysis::new(&change.inventory, ZoneChoice::Account);
    let ledger = change.inventory.resources.iter().find(|own| own.arn == "arn:aws:s3:::tf-ledger");
    let found = analysis.resource(ledger.unwrap()).observations;
    let place = &found[0].granted_by[0];
    assert!(place.file.ends_with("main.tf"), "{}", place.file);
    let text = std::fs::read_to_string(folder().join("main.tf")).unwrap();
    let line = text.lines().nth(place.line - 1).unwrap();
    assert!(line.contains("AuditorReads"), "{line}");
}
