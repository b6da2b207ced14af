//! `ringfence check` with one policy: verdicts, and what is wrong with policies.

use std::process::Stdio;

use serde_json::json;

use crate::support::{
    EVERYONE_SENDS, Folder, READS, READS_AND_WRITES, Run, command, run, run_with,
};

fn public(path: &str) -> Run {
    run(&[
        "check",
        "no-public-access",
        "--policy",
        path,
        "--resource-type",
        "AWS::SQS::Queue",
        "--format",
        "json",
    ])
}

#[test]
fn no_new_access_names_statements_and_a_request() {
    let folder = Folder::new();
    let (less, more) = (folder.file("r", READS), folder.file("rw", READS_AND_WRITES));
    let check = ["check", "no-new-access", "--policy-type", "IDENTITY_POLICY", "--format", "json"];
    let answer = run(&[&check[..], &["--existing", &less, "--new", &more]].concat()).json();
    assert_eq!(
        answer["message"],
        "The modified permissions grant new access compared to your existing policy."
    );
    let reason = json!({"description": "New access in the statement with sid: Both.",
        "statementIndex": 0, "statementId": "Both"});
    assert_eq!(answer["reasons"], json!([reason]));
    assert_eq!(answer["witness"]["action"], "s3:PutObject");
    // The witness is a scenario: with the new policy it is allowed, with the existing one it is not.
    for (policy, decision) in [(READS_AND_WRITES, "Allowed"), (READS, "ImplicitlyDenied")] {
        let mut scenario = answer["witness"].clone();
        scenario["identityPolicies"] =
            json!([serde_json::from_str::<serde_json::Value>(policy).unwrap()]);
        let done =
            run_with(&["simulate", "-", "--format", "json"], scenario.to_string().as_bytes());
        assert_eq!(done.json()["decision"], decision);
    }
    let answer = run(&[&check[..], &["--existing", &more, "--new", &less]].concat()).json();
    assert_eq!((&answer["result"], &answer["reasons"]), (&"PASS".into(), &json!([])));
    assert_eq!(answer.get("witness"), None);
}

#[test]
fn access_not_granted_takes_lists() {
    let folder = Folder::new();
    let policy = folder.file("p", READS_AND_WRITES);
    let check = |options: &[&str]| {
        let own = ["check", "access-not-granted", "--policy", &policy, "--policy-type", "identity"];
        run(&[&own[..], options].concat()).code
    };
    assert_eq!(check(&["--action", "s3:DeleteObject", "--action", "s3:PutObject"]), 3);
    assert_eq!(check(&["--action", "s3:DeleteObject"]), 0);
    assert_eq!(check(&["--action", "s3:PutObject", "--resource", "arn:aws:s3:::other/x"]), 0);
    assert_eq!(
        check(&["--resource", "arn:aws:s3:::other/x", "--resource", "arn:aws:s3:::data/x"]),
        3
    );
    let many = ["--action", "s3:DeleteObject"].repeat(101);
    assert_eq!(check(&many), 2);
}

#[test]
fn policies_come_from_files_strings_pipes_and_standard_input() {
    let folder = Folder::new();
    let plain = folder.file("plain.json", EVERYONE_SENDS);
    let as_string = serde_json::Value::from(EVERYONE_SENDS).to_string();
    let string = folder.file("string.json", format!(" \n {as_string}\n"));
    for path in [&plain, &string] {
        assert_eq!(public(path).json()["result"], "FAIL");
    }
    let check = ["check", "no-public-access", "--resource-type", "AWS::SQS::Queue", "--policy"];
    for input in [EVERYONE_SENDS, &as_string] {
        let done = run_with(&[&check[..], &["-"]].concat(), input.as_bytes());
        assert!(done.out.contains("<stdin>:1:"), "{done:?}");
        let done = run_with(&[&check[..], &["/dev/stdin"]].concat(), input.as_bytes());
        assert!(done.out.contains("/dev/stdin:1:"), "{done:?}");
    }
    let done = run_with(&[&check[..], &["-"]].concat(), b" \n\n  \"{\\\"Statement\\\": 7}\"");
    assert!(done.err.starts_with("error: <stdin>:3:19: "), "{done:?}");
    let mut closed = command(&[&check[..], &["-"]].concat());
    let done = closed.stdin(Stdio::null()).output().unwrap();
    assert_eq!(done.status.code(), Some(1));
}

#[test]
fn every_problem_of_a_policy_is_told_with_its_place() {
    let folder = Folder::new();
    let policy = "{\n  \"Statement\": [\n    {\"Effect\": \"Maybe\", \"Action\": 5},\n    \
                  {\"Effect\": \"Allow\", \"Actoin\": \"s3:*\"}\n  ]\n}";
    let path = folder.file("p.json", policy);
    let done = public(&path);
    assert_eq!((done.code, done.out.as_str()), (1, ""));
    let places: Vec<&str> = done.err.lines().map(|line| line.split(": ").nth(1).unwrap()).collect();
    for expected in ["3:15", "3:34", "4:4", "4:24"] {
        assert!(places.contains(&format!("{path}:{expected}").as_str()), "{expected} {done:?}");
    }
    // With two policies, the problems of both.
    let both =
        ["check", "no-new-access", "--policy-type", "identity", "--existing", &path, "--new"];
    let missing = folder.path("missing");
    let done = run(&[&both[..], &[missing.as_str()]].concat());
    assert!(done.err.contains("p.json:4:24") && done.err.contains("missing` cannot be read"));
}

#[test]
fn bad_input_is_refused_and_never_judged() {
    let folder = Folder::new();
    let allow = |rest: &str| {
        format!(
            r#"{{"Statement": {{"Effect": "Allow", "Action": "sqs:*", "Resource": "*", {rest}}}}}"#
        )
    };
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"".to_vec(), "empty"),
        (b" \n\t".to_vec(), "empty"),
        (b"{".to_vec(), ":1:"),
        (b"{} {}".to_vec(), ":1:3"),
        (b"[]".to_vec(), "object"),
        (b"{\"Statement\": []} \xff".to_vec(), "UTF-8"),
        ("[".repeat(100_000).into_bytes(), "nested deeper"),
        (
            format!("{}{}", "{\"Statement\":".repeat(100_000), "}".repeat(100_000)).into_bytes(),
            "nested deeper",
        ),
        (allow(r#""Sid": "\ud83d""#).into_bytes(), "surrogate"),
        (allow(r#""Sid": "a", "Sid": "b""#).into_bytes(), "twice"),
        (
            allow(r#""Condition": {"StringEqual": {"aws:SourceVpc": "v"}}"#).into_bytes(),
            "StringEqual",
        ),
        (allow(r#""Principal": true"#).into_bytes(), "Principal"),
        (allow(r#""NotPrincipal": "*", "Principal": "*""#).into_bytes(), "NotPrincipal"),
        (format!("\"{}\"", "x".repeat(9 << 20)).into_bytes(), "bytes"),
    ];
    for (number, (content, expected)) in cases.into_iter().enumerate() {
        let path = folder.file(&format!("{number}.json"), content);
        let done = public(&path);
        assert_eq!((done.code, done.out.as_str()), (1, ""), "{number} {done:?}");
        assert!(
            done.err.starts_with("error: ") && done.err.contains(expected),
            "{number} {done:?}"
        );
        assert!(done.err.contains(&format!("{number}.json")), "{number} {done:?}");
    }
    // Numbers and booleans where strings belong are read as their text, as AWS does.
    let good = allow(
        r#""Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": true}, "NumericLessThan": {"aws:MultiFactorAuthAge": 5}}"#,
    );
    assert_eq!(public(&folder.file("good.json", good)).json()["result"], "FAIL");
}

#[test]
fn messages_cannot_move_the_cursor() {
    let folder = Folder::new();
    let done = public(&folder.file("p.json", "{\"Statement\": [], \"\\u001b[2J\\u202e\": 1}"));
    assert_eq!(done.code, 1);
    assert!(done.err.contains("\\u{1b}[2J\\u{202e}"), "{done:?}");
    assert!(!done.err.contains('\u{1b}') && !done.err.contains('\u{202e}'));
}
