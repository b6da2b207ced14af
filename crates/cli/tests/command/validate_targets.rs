//! What `validate` makes of files, folders, snapshots and standard input.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Folder, root, run, run_with};

const CLEAN: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"}]}"#;
const TYPO: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    "Action": "s3:GetObjekt", "Resource": "arn:aws:s3:::data/*"}]}"#;

/// File and code of each finding.
fn found(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let policies = report["policies"].as_array().unwrap();
    let of = |policy: &Value| -> Vec<(String, String)> {
        let findings = policy["findings"].as_array().unwrap();
        findings.iter().map(|own| (text(&policy["file"]), text(&own["issueCode"]))).collect()
    };
    policies.iter().flat_map(of).collect()
}

#[test]
fn good_policies_pass_and_bad_ones_fail() {
    let good = run(&["validate", "examples/policies/good"]);
    assert_eq!((good.code, good.err.as_str()), (0, ""));
    assert_eq!(good.out, "No findings in 2 policies.\n");
    let bad = run(&["validate", "examples/policies", "--format", "json"]);
    assert_eq!(bad.code, 3);
    let found = found(&bad.json());
    for (file, code) in [
        ("broken", "JSON_SYNTAX_ERROR"),
        ("deploy", "INVALID_ACTION"),
        ("deploy", "PASS_ROLE_WITH_STAR_IN_RESOURCE"),
        ("partner-topic", "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS"),
    ] {
        let file = format!("examples/policies/bad/{file}.json");
        assert!(found.contains(&(file, code.to_owned())), "{code}: {found:?}");
    }
}

#[test]
fn the_severity_decides_about_the_exit_code() {
    let folder = Folder::new();
    let file = folder.file("a.json", CLEAN.replacen("\"Version\": \"2012-10-17\", ", "", 1));
    for (fail_on, code) in [("security-warning", 0), ("warning", 3), ("suggestion", 3), ("none", 0)]
    {
        assert_eq!(run(&["validate", &file, "--fail-on", fail_on]).code, code, "{fail_on}");
    }
    let typo = folder.file("typo.json", TYPO);
    assert_eq!(run(&["validate", &typo]).code, 3);
    assert_eq!(run(&["validate", &typo, "--fail-on", "none"]).code, 0);
}

#[test]
fn what_cannot_be_read_does_not_stop_the_rest() {
    let folder = Folder::new();
    let typo = folder.file("typo.json", TYPO);
    let (absent, bytes) =
        (folder.path("absent.json"), folder.file("bytes.json", b"{\"a\": \"\xff\"}"));
    let done = run(&["validate", &absent, &bytes, &typo, "--format", "json"]);
    assert_eq!(done.code, 1);
    assert!(done.err.contains("absent.json") && done.err.contains("is not UTF-8 text"), "{done:?}");
    let report = done.json();
    assert_eq!(found(&report), [(typo, "INVALID_ACTION".to_owned())]);
    assert_eq!(report["notAnalyzed"].as_array().unwrap().len(), 2);
    assert_eq!(report["summary"]["complete"], false);
}

#[test]
fn folders_hold_policies_and_other_things() {
    let folder = Folder::new();
    folder.file("f/a.json", CLEAN);
    folder.file("f/in/b.JSON", TYPO);
    for other in ["f/package.json", "f/in/empty.json", "f/list.json"] {
        folder.file(other, if other.ends_with("list.json") { "[1]" } else { "" });
    }
    for unseen in ["f/node_modules/c.json", "f/.hidden/d.json", "f/e.txt"] {
        folder.file(unseen, TYPO);
    }
    let target = folder.path("f");
    let report = run(&["validate", &target, "--format", "json"]).json();
    assert_eq!(found(&report), [(folder.path("f/in/b.JSON"), "INVALID_ACTION".to_owned())]);
    assert_eq!(report["summary"]["policies"], 2);
    assert_eq!(report["summary"]["otherFiles"], 3);

    folder.file("t/template.json", r#"{"Resources": {"R": {"Type": "AWS::IAM::Role"}}}"#);
    let target = folder.path("t");
    let done = run(&["validate", &target]);
    assert_eq!(done.code, 4);
    assert!(done.out.contains("the role has no `AssumeRolePolicyDocument`"), "{done:?}");
    assert_eq!(run(&["validate", &target, "--allow-incomplete"]).code, 0);
}

#[test]
fn a_named_file_is_a_policy_unless_it_is_said_otherwise() {
    let folder = Folder::new();
    let other = folder.file("package.json", r#"{"name": "x"}"#);
    assert_eq!(run(&["validate", &other]).code, 3);
    let done = run(&["validate", &other, "--skip-other-files"]);
    assert_eq!(done.code, 0);
    assert!(done.err.contains("no policy was found"), "{done:?}");
}

#[test]
fn the_type_is_guessed_unless_it_is_said() {
    let of = |arguments: &[&str], text: &str| {
        let arguments = [&["validate", "-", "--format", "json"], arguments].concat();
        let report = run_with(&arguments, text.as_bytes()).json();
        let policy = report["policies"][0].clone();
        assert_eq!(policy["file"], "<stdin>");
        (policy["policyType"].as_str().unwrap().to_owned(), policy["policyTypeGuessed"] == true)
    };
    let resource = CLEAN.replacen("\"Action\"", "\"Principal\": \"*\", \"Action\"", 1);
    assert_eq!(of(&[], CLEAN), ("IDENTITY_POLICY".to_owned(), true));
    assert_eq!(of(&[], &resource), ("RESOURCE_POLICY".to_owned(), true));
    assert_eq!(of(&["--policy-type", "scp"], CLEAN).0, "SERVICE_CONTROL_POLICY");
    assert_eq!(
        of(&["--resource-type", "AWS::S3::Bucket"], CLEAN),
        ("RESOURCE_POLICY".to_owned(), false)
    );
    let wrong =
        run(&["validate", "-", "--policy-type", "identity", "--resource-type", "AWS::S3::Bucket"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert_eq!(run(&["validate", "-", "--resource-type", "AWS::SQS::Queue"]).code, 2);
    assert_eq!(run(&["validate", "-", "-"]).code, 2);
    assert_eq!(run(&["validate"]).code, 2);
}

#[test]
fn policies_of_a_snapshot_are_what_they_are_there() {
    let done = run(&["validate", "examples/payments", "--format", "json"]);
    let report = done.json();
    let kinds: BTreeSet<(&str, Option<&str>)> = report["policies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| (own["policyType"].as_str().unwrap(), own["resourceType"].as_str()))
        .collect();
    for kind in [
        ("IDENTITY_POLICY", None),
        ("RESOURCE_POLICY", Some("AWS::SQS::Queue")),
        ("RESOURCE_POLICY", Some("AWS::IAM::AssumeRolePolicyDocument")),
        ("RESOURCE_POLICY", Some("AWS::S3::Bucket")),
        ("RESOURCE_POLICY", Some("AWS::DynamoDB::Table")),
        ("SERVICE_CONTROL_POLICY", None),
        ("RESOURCE_CONTROL_POLICY", None),
    ] {
        assert!(kinds.contains(&kind), "{kind:?} is not in {kinds:?}");
    }
    for policy in report["policies"].as_array().unwrap() {
        let text = std::fs::read_to_string(root().join(policy["file"].as_str().unwrap())).unwrap();
        for finding in policy["findings"].as_array().unwrap() {
            finding["locations"].as_array().unwrap().iter().for_each(|own| is_in_file(&text, own));
        }
    }
    let fewer =
        run(&["validate", "examples/payments", "--skip-aws-managed", "--format", "json"]).json();
    let managed = fewer["summary"]["awsManagedLeftOut"].as_u64().unwrap();
    assert!(managed > 0);
    let count = |report: &Value| report["summary"]["policies"].as_u64().unwrap();
    assert_eq!(count(&report), count(&fewer) + managed);
}

/// A place in a file: its offset, line and column agree, and a value begins there.
#[track_caller]
fn is_in_file(text: &str, location: &Value) {
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let start = &location["span"]["start"];
    let before: String = text.chars().take(number(&start["offset"])).collect();
    assert_eq!(number(&start["line"]), before.matches('\n').count() + 1, "{location}");
    let column = before.rsplit('\n').next().unwrap().chars().count();
    assert_eq!(number(&start["column"]), column, "{location}");
    let first = text.chars().nth(number(&start["offset"])).unwrap();
    assert!("\"{[\\%".contains(first), "{first} at {location}");
}

#[test]
fn places_in_policies_that_are_strings_are_places_in_the_file() {
    let folder = Folder::new();
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObjekt","Resource":"*"}]}"#;
    let trust = policy
        .replace("s3:GetObjekt", "sts:AssumeRol")
        .replace(r#""Resource":"*""#, r#""Principal":{"Service":"ec2.amazonaws.com"}"#);
    let percent = |text: &str| -> String {
        let encode = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        };
        text.bytes().map(encode).collect()
    };
    let details = serde_json::json!({
        "UserDetailList": [], "GroupDetailList": [], "Policies": [],
        "RoleDetailList": [{
            "Path": "/", "RoleName": "app", "RoleId": "AROAEXAMPLE",
            "Arn": "arn:aws:iam::111122223333:role/app",
            "AssumeRolePolicyDocument": percent(&trust),
            "RolePolicyList": [{ "PolicyName": "ä", "PolicyDocument": policy }],
            "AttachedManagedPolicies": [], "InstanceProfileList": [], "Tags": [],
        }],
    });
    let text = serde_json::to_string_pretty(&details).unwrap();
    let file = folder.file("details.json", &text);
    let report = run(&["validate", &file, "--format", "json"]).json();
    let policies = report["policies"].as_array().unwrap();
    assert_eq!(policies.len(), 2, "{report}");
    let marked = |policy: &Value| -> String {
        let finding = policy["findings"].as_array().unwrap().iter();
        let own = finding.clone().find(|own| own["issueCode"] == "INVALID_ACTION").unwrap();
        let span = &own["locations"][0]["span"];
        let offset = |end: &str| usize::try_from(span[end]["offset"].as_u64().unwrap()).unwrap();
        text.chars().skip(offset("start")).take(offset("end") - offset("start")).collect()
    };
    assert_eq!(marked(&policies[0]), "%22sts%3AAssumeRol%22");
    assert_eq!(marked(&policies[1]), "\\\"s3:GetObjekt\\\"");
    assert_eq!(policies[0]["policyName"], "trust policy");
    assert_eq!(policies[1]["policyName"], "inline policy `ä`");
}
