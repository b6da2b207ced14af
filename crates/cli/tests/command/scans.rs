//! `ringfence scan`: the example environment, single policies, and what the forms of a result have in common.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{EVERYONE_SENDS, Folder, READS, root, run, run_with};

fn expected(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(root().join("examples/payments").join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// What the expected findings say of a finding.
fn essence(finding: &Value) -> String {
    let members = [
        "resource",
        "resourceType",
        "resourceOwnerAccount",
        "principal",
        "action",
        "condition",
        "isPublic",
        "sources",
        "resourceControlPolicyRestriction",
    ];
    let members: BTreeMap<&str, &Value> =
        members.iter().filter_map(|name| Some((*name, finding.get(name)?))).collect();
    serde_json::to_string(&members).unwrap()
}

fn sorted(findings: &[Value]) -> Vec<String> {
    let mut all: Vec<String> = findings.iter().map(essence).collect();
    all.sort();
    all
}

#[test]
fn the_example_gives_the_findings_that_were_derived_by_hand() {
    for (zone, file, zone_type) in [
        (&[][..], "expected-findings.json", "ORGANIZATION"),
        (&["--zone-of-trust", "organization"], "expected-findings.json", "ORGANIZATION"),
        (&["--zone-of-trust", "account"], "expected-findings-account-zone.json", "ACCOUNT"),
    ] {
        let done = run(&[&["scan", "examples/payments", "--format", "json"], zone].concat());
        assert_eq!(done.code, 3);
        let result = done.json();
        let findings = result["findings"].as_array().unwrap();
        assert_eq!(sorted(findings), sorted(&expected(file)));
        assert_eq!(result["zoneOfTrust"]["type"], zone_type);
        let not_analyzed = result["notAnalyzed"].as_array().unwrap();
        let expected = expected("expected-not-analyzed.json");
        assert_eq!(not_analyzed.len(), expected.len());
        for (entry, expected) in not_analyzed.iter().zip(&expected) {
            assert!(entry["file"].as_str().unwrap().ends_with(expected["file"].as_str().unwrap()));
            assert!(expected["line"].is_null() || entry["line"] == expected["line"]);
        }
        let summary = &result["summary"];
        assert_eq!(
            (&summary["complete"], &summary["findings"]),
            (&json!(false), &json!(findings.len()))
        );
        let by_type = summary["byResourceType"].as_object().unwrap();
        let total =
            |name: &str| by_type.values().map(|own| own[name].as_u64().unwrap()).sum::<u64>();
        for name in ["findings", "publicFindings", "resourcesAnalyzed", "notAnalyzed"] {
            assert_eq!(summary[name], total(name), "{name}");
        }
    }
}

/// Each witness is a request that the statement's own policy allows, at a place that holds a statement.
#[test]
fn each_finding_says_where_and_shows_how() {
    let result = run(&["scan", "examples/payments", "--format", "json"]).json();
    for finding in result["findings"].as_array().unwrap() {
        let witness = &finding["witness"];
        assert!(finding["action"].as_array().unwrap().contains(&witness["action"]), "{finding}");
        for place in finding["grantedBy"].as_array().unwrap() {
            let text =
                std::fs::read_to_string(root().join(place["file"].as_str().unwrap())).unwrap();
            let line = text.lines().nth(place["line"].as_u64().unwrap() as usize - 1).unwrap();
            let here: String =
                line.chars().skip(place["column"].as_u64().unwrap() as usize).collect();
            match place.get("statementIndex") {
                Some(_) => {
                    assert!(here.starts_with('{') || here.starts_with("%7B"), "{place} {here}")
                }
                None => assert!(!here.is_empty(), "{place}"),
            }
        }
    }
}

#[test]
fn the_same_environment_gives_the_same_bytes() {
    let all = |format: &str| run(&["scan", "examples/payments", "--format", format]).out;
    for format in ["table", "json", "jsonl"] {
        assert_eq!(all(format), all(format));
    }
    let document: Value = serde_json::from_str(&all("json")).unwrap();
    let lines: Vec<Value> =
        all("jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let findings: Vec<&Value> = lines.iter().filter(|line| line.get("id").is_some()).collect();
    assert_eq!(findings, document["findings"].as_array().unwrap().iter().collect::<Vec<_>>());
    let not_analyzed: Vec<&Value> =
        lines.iter().filter_map(|line| line.get("notAnalyzed")).collect();
    assert_eq!(
        not_analyzed,
        document["notAnalyzed"].as_array().unwrap().iter().collect::<Vec<_>>()
    );
    assert_eq!(lines.first().unwrap()["zoneOfTrust"], document["zoneOfTrust"]);
    assert_eq!(lines.last().unwrap()["summary"], document["summary"]);
}

#[test]
fn a_policy_alone() {
    let queue = [
        "scan",
        "--format",
        "json",
        "--resource-type",
        "AWS::SQS::Queue",
        "--resource",
        "arn:aws:sqs:eu-west-1:111122223333:q",
        "--policy",
        "-",
    ];
    let result = run_with(&queue, EVERYONE_SENDS.as_bytes()).json();
    let finding = &result["findings"][0];
    assert_eq!(
        (&finding["isPublic"], &finding["action"]),
        (&json!(true), &json!(["sqs:SendMessage"]))
    );
    assert_eq!(
        result["zoneOfTrust"],
        json!({"type": "ACCOUNT", "account": "111122223333", "accounts": ["111122223333"]})
    );
    assert_eq!(finding["grantedBy"][0]["file"], "<stdin>");
    let folder = Folder::new();
    let bucket = folder.file(
        "p.json",
        r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "444455556666"},
        "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"}}"#,
    );
    let own = [
        "scan",
        "--policy",
        &bucket,
        "--resource-type",
        "AWS::S3::Bucket",
        "--resource",
        "arn:aws:s3:::data",
    ];
    let done = run(&[&own[..], &["--account", "111122223333", "--format", "json"]].concat());
    assert_eq!(
        (done.code, &done.json()["findings"][0]["principal"]),
        (3, &json!({"AWS": "444455556666"}))
    );
    let done = run(&[&own[..], &["--account", "444455556666", "--format", "json"]].concat());
    assert_eq!((done.code, &done.json()["findings"]), (0, &json!([])));
}

#[test]
fn a_policy_alone_that_cannot_be_read_is_not_analyzed() {
    let queue = [
        "scan",
        "--resource-type",
        "AWS::SQS::Queue",
        "--resource",
        "arn:aws:sqs:eu-west-1:111122223333:q",
        "--policy",
        "-",
    ];
    let done = run_with(&queue, b"{\"Statement\":\n5}");
    assert_eq!(done.code, 4);
    assert!(done.out.contains("<stdin>:2:0"), "{done:?}");
}

#[test]
fn targets_are_put_together() {
    let folder = Folder::new();
    let open = folder.snapshot("open", EVERYONE_SENDS);
    let both = run(&["scan", "examples/payments", &open, "--format", "json"]).json();
    assert_eq!(both["summary"]["findings"], 25);
    assert_eq!(both["zoneOfTrust"]["type"], "ORGANIZATION");
}

#[test]
fn the_table_shows_what_comes_from_outside_and_obeys_none_of_it() {
    let folder = Folder::new();
    let policy =
        EVERYONE_SENDS.replace("\"Effect\"", "\"Sid\": \"a\\u001b[31m\\u202eb\", \"Effect\"");
    let open = folder.snapshot("open", &policy);
    let done = run(&["scan", &open]);
    assert!(done.out.contains("statement 0 (a\\u{1b}[31m\\u{202e}b)"), "{done:?}");
    assert!(done.out.chars().all(|c| c == '\n' || !c.is_control()));
    for expected in [
        "PUBLIC  everyone",
        "sqs:SendMessage",
        "Write",
        "q.json:2:",
        "gets in",
        "of 100",
        "1 finding, 1 public: 1 of 1 resource can be reached from outside, everything was analyzed.",
    ] {
        assert!(done.out.contains(expected), "{expected} {done:?}");
    }
    let narrow = folder.snapshot("identity", READS);
    assert_eq!(run(&["scan", &narrow]).code, 0, "nobody is named");
}
