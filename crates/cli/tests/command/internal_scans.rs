//! `ringfence scan --access internal`: the example environment, which resources are chosen, what cannot be
//! read.

use std::collections::{BTreeMap, BTreeSet};

use ringfence_policy::catalogue::Catalogue;
use serde_json::{Value, json};

use crate::support::{Folder, root, run};

const VAULT: &str = "arn:aws:s3:::ringpay-card-vault";

fn internal(arguments: &[&str]) -> Value {
    let scan = ["scan", "--access", "internal", "examples/payments", "--format", "json"];
    run(&[&scan[..], arguments].concat()).json()
}

/// The actions of an expected finding: `all` is every action that policies of the type can hold.
fn actions(expected: &Value, resource_type: &str) -> BTreeSet<String> {
    let texts = |name: &str| -> BTreeSet<String> {
        let all = expected[name].as_array().into_iter().flatten();
        all.map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    if expected["action"] != "all" {
        return texts("action");
    }
    let all = Catalogue::embedded().resource_policy_actions(resource_type).unwrap();
    let without = texts("without");
    all.iter().map(|own| own.action.to_string()).filter(|own| !without.contains(own)).collect()
}

/// What the expected findings say of a finding.
fn essence(finding: &Value, actions: &BTreeSet<String>) -> String {
    let members = [
        "resource",
        "principal",
        "principalType",
        "accessType",
        "condition",
        "sources",
        "serviceControlPolicyRestriction",
        "resourceControlPolicyRestriction",
    ];
    let members: BTreeMap<&str, &Value> =
        members.iter().filter_map(|name| Some((*name, finding.get(name)?))).collect();
    format!("{} {actions:?}", json!(members))
}

/// Of the resources that the file names, these findings and no others.
#[test]
fn the_example_gives_the_findings_that_were_derived_by_hand() {
    let path = root().join("examples/payments/expected-internal-findings.json");
    let expected: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let resources: BTreeSet<&str> =
        expected.iter().map(|own| own["resource"].as_str().unwrap()).collect();
    let result = internal(&[]);
    let all = result["findings"].as_array().unwrap();
    let found: BTreeSet<String> = all
        .iter()
        .filter(|own| resources.contains(own["resource"].as_str().unwrap()))
        .map(|own| essence(own, &actions(own, "")))
        .collect();
    let type_of = |arn: &Value| {
        let own = all.iter().find(|own| own["resource"] == *arn).unwrap();
        own["resourceType"].as_str().unwrap()
    };
    let expected: BTreeSet<String> =
        expected.iter().map(|own| essence(own, &actions(own, type_of(&own["resource"])))).collect();
    assert_eq!(found, expected);
}

/// Each witness names its principal, one of its actions, and is allowed by a scenario's account of it.
#[test]
fn each_finding_says_where_and_shows_how() {
    let result = internal(&[]);
    for finding in result["findings"].as_array().unwrap() {
        let witness = &finding["witness"];
        assert_eq!(witness["principal"], finding["principal"]["AWS"], "{finding}");
        assert!(finding["action"].as_array().unwrap().contains(&witness["action"]), "{finding}");
        assert_eq!(witness["resource"]["account"], finding["resourceOwnerAccount"], "{finding}");
        for place in finding["grantedBy"].as_array().unwrap() {
            let text =
                std::fs::read_to_string(root().join(place["file"].as_str().unwrap())).unwrap();
            let line = usize::try_from(place["line"].as_u64().unwrap()).unwrap();
            assert!(text.lines().nth(line - 1).is_some(), "{place}");
        }
    }
}

#[test]
fn with_an_account_as_zone_only_its_own_principals_count_and_control_policies_are_flagged() {
    let result = internal(&["--zone-of-trust", "account"]);
    let findings = result["findings"].as_array().unwrap();
    assert!(findings.iter().all(|own| own["accessType"] == "INTRA_ACCOUNT"));
    let scps: BTreeSet<&str> = findings
        .iter()
        .map(|own| own["serviceControlPolicyRestriction"].as_str().unwrap())
        .collect();
    assert_eq!(scps, BTreeSet::from(["APPLICABLE", "NOT_APPLICABLE"]));
    let sso = findings.iter().find(|own| {
        own["resource"] == VAULT && own["principal"]["AWS"].as_str().unwrap().contains("CardAdmin")
    });
    let actions = sso.unwrap()["action"].as_array().unwrap();
    assert!(actions.contains(&json!("s3:PutBucketPublicAccessBlock")), "the SCP is not taken off");
}

#[test]
fn resources_can_be_chosen() {
    let resources = |arguments: &[&str]| -> BTreeSet<String> {
        let result = internal(arguments);
        let all = result["findings"].as_array().unwrap().iter();
        all.map(|own| own["resource"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(resources(&["--resource", VAULT]), BTreeSet::from([VAULT.to_owned()]));
    let tables = resources(&["--resource-type", "AWS::DynamoDB::Table"]);
    assert!(tables.len() == 1 && tables.first().unwrap().ends_with("table/card-tokens"));
    let two =
        ["--resource-type", "AWS::DynamoDB::Table", "--resource-type", "AWS::DynamoDB::Stream"];
    assert_eq!(resources(&two).len(), 2);
    let of_account =
        resources(&["--resource-type", "AWS::S3::Bucket", "--account", "777788889999"]);
    assert_eq!(of_account, BTreeSet::from(["arn:aws:s3:::ringpay-audit-logs".to_owned()]));
    let external = ["scan", "examples/payments", "--format", "json", "--resource", VAULT];
    assert_eq!(run(&external).json()["summary"]["resourcesAnalyzed"], 1);
    let unknown =
        ["scan", "--access", "internal", "examples/payments", "--resource", "arn:aws:s3:::x"];
    let done = run(&unknown);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("arn:aws:s3:::x"), "{}", done.err);
    let alone = ["scan", "--access", "internal", "--policy", "examples/checks/queue.json"];
    assert_eq!(run(&alone).code, 2);
}

/// A principal whose policies are not all known is an entry, and so is an account.
#[test]
fn what_is_not_known_of_principals_is_said() {
    let folder = Folder::new();
    let role = |name: &str, policies: Value, attached: Value| {
        json!({
            "Path": "/", "RoleName": name, "RoleId": "AROAEXAMPLE0000000001", "CreateDate": "2026-01-01T00:00:00Z",
            "Arn": format!("arn:aws:iam::111122223333:role/{name}"),
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
            "InstanceProfileList": [], "RolePolicyList": policies, "AttachedManagedPolicies": attached, "Tags": [],
        })
    };
    let broken = json!([{"PolicyName": "p", "PolicyDocument": {"Statement": 5}}]);
    let lost = json!([{"PolicyName": "q", "PolicyArn": "arn:aws:iam::111122223333:policy/q"}]);
    let details = json!({
        "UserDetailList": [], "GroupDetailList": [], "Policies": [],
        "RoleDetailList": [role("broken", broken, json!([])), role("lost", json!([]), lost)],
    });
    let file = folder.file("authorization-details.json", details.to_string());
    let done = run(&["scan", "--access", "internal", &file, "--format", "json"]);
    let result = done.json();
    let said = |name: &str| {
        let arn = format!("arn:aws:iam::111122223333:role/{name}");
        let mut entries = result["notAnalyzed"].as_array().unwrap().iter();
        entries
            .find(|own| {
                own["resource"] == json!(arn)
                    && own["reason"].as_str().unwrap().contains("can reach")
            })
            .cloned()
    };
    assert_eq!(done.code, 4, "{result}");
    assert!(said("broken").unwrap()["line"].is_u64(), "{result}");
    assert!(said("lost").unwrap()["reason"].as_str().unwrap().contains("policy/q"), "{result}");
}
