//! Terraform plans. `plan.json` is what Terraform 1.11 with version 5.100 of the AWS provider makes of `main.tf`.

use std::path::{Path, PathBuf};
use std::process::Command;

use ringfence_access::external::{Analysis, ZoneChoice};
use ringfence_policy::AccountId;
use ringfence_sources::{TerraformOptions, read_terraform_plan};

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
    "arn:aws:s3:::tf-vault 222233334444 aws:PrincipalOrgID=o-1 \
     [\"`aws_iam_role.r.arn` is known after apply\", \"`aws_s3_bucket.vault.arn` is known after apply\", \
     \"`aws_s3_bucket.vault.arn` is known after apply\"]",
    "arn:aws:kms:eu-west-1:111122223333:key/* 222233334444 [\"the name of `aws_kms_key.k` is known after apply\"]",
    "arn:aws:lambda:eu-west-1:111122223333:function:tf-f 222233334444 []",
    "arn:aws:sqs:eu-west-1:111122223333:tf-a * []",
    "arn:aws:sqs:eu-west-1:111122223333:tf-b * []",
    "arn:aws:sqs:eu-west-1:111122223333:tf-mq * []",
    "arn:aws:ecr:eu-west-1:111122223333:repository/tf-e 222233334444 []",
    "arn:aws:iam::111122223333:role/tf-r 999988887777 []",
    "not analyzed: `PolicyDocument` is not known before deployment: `aws_sns_topic.t.arn` is known after apply",
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

/// Where a plugin of the provider lies that can be used without a network.
const PLUGINS: &str = "RINGFENCE_TERRAFORM_PLUGINS";

#[test]
#[ignore = "needs terraform and its AWS provider"]
fn terraform_itself_makes_a_plan_with_the_same_findings() {
    let Ok(plugins) = std::env::var(PLUGINS) else {
        println!("skipped 1 test: {PLUGINS} names no folder with the AWS provider of Terraform");
        return;
    };
    let scratch = std::env::temp_dir().join(format!("ringfence-terraform-{}", std::process::id()));
    std::fs::create_dir_all(scratch.join("m")).unwrap();
    for name in ["main.tf", "m/main.tf"] {
        std::fs::copy(folder().join(name), scratch.join(name)).unwrap();
    }
    let mirror =
        format!("provider_installation {{\n filesystem_mirror {{ path = \"{plugins}\" }}\n}}\n");
    std::fs::write(scratch.join("rc"), mirror).unwrap();
    let terraform = |arguments: &[&str]| {
        let mut command = Command::new("terraform");
        command.args(arguments).current_dir(&scratch);
        command.env("TF_CLI_CONFIG_FILE", scratch.join("rc")).env("CHECKPOINT_DISABLE", "1");
        let output = command.output().unwrap_or_else(|error| panic!("terraform: {error}"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    terraform(&["init", "-no-color"]);
    terraform(&["plan", "-no-color", "-out=plan"]);
    let json = terraform(&["show", "-json", "plan"]);
    let path = scratch.join("plan.json");
    std::fs::write(&path, json).unwrap();
    assert_eq!(findings(&path).unwrap(), findings(&folder().join("plan.json")).unwrap());
    std::fs::remove_dir_all(&scratch).unwrap();
}
