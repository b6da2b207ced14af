//! What `validate` writes, for the test that holds all output against `docs/schemas`.

use serde_json::{Value, json};

use crate::support::{Folder, root, run, run_with};

/// Documents, each with its schema and whether it is `valid` or `invalid`.
pub(crate) fn documents() -> Vec<(&'static str, &'static str, Value)> {
    let mut documents = Vec::new();
    let folder = Folder::new();
    let config = folder.file(
        "ringfence.toml",
        "[[suppression]]\ncheck = \"INVALID_ACTION\"\npath = \"**\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2100-01-01\n\
         [[suppression]]\ncheck = \"MISSING_VERSION\"\npath = \"**\"\n",
    );
    let absent = folder.path("absent");
    let bad = "examples/policies/bad";
    for arguments in
        [vec![bad], vec!["examples/payments"], vec![&absent, bad], vec![bad, "--config", &config]]
    {
        let written = |format| run(&[&["validate", "--format", format], &arguments[..]].concat());
        documents.push(("validate", "valid", written("json").json()));
        let lines = written("jsonl").lines();
        documents.extend(lines.into_iter().map(|line| ("validate-line", "valid", line)));
    }
    let gate = "examples/gate/policies";
    for arguments in [
        vec!["no-new-access", gate, "--reference", "examples/gate/references"],
        vec!["access-not-granted", gate, "--action", "iam:PassRole"],
        vec!["no-public-access", gate, "examples/payments"],
    ] {
        let written = |format| run(&[&["check"], &arguments[..], &["--format", format]].concat());
        documents.push(("validate", "valid", written("json").json()));
        let lines = written("jsonl").lines();
        documents.extend(lines.into_iter().map(|line| ("validate-line", "valid", line)));
    }
    repairs(&mut documents);
    checks(&mut documents);
    let path = root().join("docs/schemas/examples/validate-job.json");
    let job: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let done = run_with(&["validate", "--batch", "-"], job.to_string().as_bytes());
    documents.push(("validate-answer", "valid", done.lines().remove(0)));
    documents.push(("validate-job", "valid", job));
    let done = run_with(&["validate", "--batch", "-"], b"{}");
    documents.push(("batch-error", "valid", done.lines().remove(0)));
    documents.push(("validate-job", "invalid", json!({"policyDocument": "{}"})));
    documents.push(("validate-answer", "invalid", json!({"id": 1, "findings": [{}], "micros": 1})));
    documents.push(("validate", "invalid", json!({"formatVersion": 1, "policies": []})));
    documents.push(("validate-line", "invalid", json!({})));
    documents
}

/// A repair of each kind, made and left alone.
fn repairs(documents: &mut Vec<(&'static str, &'static str, Value)>) {
    let folder = Folder::new();
    let policy = |name: &str, elements: &str| {
        let text = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{{{elements}}}]}}");
        folder.file(name, text)
    };
    let files = [
        policy(
            "a.json",
            r#""Effect": "Allow", "Action": ["s3:Get*", "s3:GetObject"], "Resource": "*""#,
        ),
        policy("b.json", r#""effect": "Allow", "Action": "s3:*", "Resource": "*""#),
        policy("c.json", r#""Effect": "Allow", "Action": "s3:ListObjectsV2", "Resource": "*""#),
        policy(
            "d.json",
            r#""Effect": "Allow", "Acton": "*", "Action": ["s3:*", "s3:Get*"], "Resource": "*""#,
        ),
    ];
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    // The first run repairs what is certain; the second sees what is left.
    let first = run(&[&["validate", "--fix", "--format", "json"], &files[..]].concat()).json();
    assert_eq!(first["repairs"].as_array().unwrap().len(), 4, "{first}");
    let second = run(&[&["validate", "--fix", "--format", "jsonl"], &files[..]].concat()).lines();
    assert_eq!(second.iter().filter(|line| line.get("repair").is_some()).count(), 2);
    documents.push(("validate", "valid", first));
    documents.extend(second.into_iter().map(|line| ("validate-line", "valid", line)));
}

/// What is known about the checks.
fn checks(documents: &mut Vec<(&'static str, &'static str, Value)>) {
    let list = run(&["checks", "list", "--format", "json"]).json();
    let lines = run(&["checks", "list", "--format", "jsonl"]).lines();
    assert_eq!(list, Value::Array(lines));
    for code in ["INVALID_ACTION", "PASS_ROLE_WITH_STAR_IN_RESOURCE", "MISSING_VERSION"] {
        let explanation = run(&["explain", code, "--format", "json"]).json();
        let listed = list.as_array().unwrap().iter().find(|own| own["issueCode"] == code).unwrap();
        for member in ["findingType", "learnMoreLink"] {
            assert_eq!(listed[member], explanation[member], "{code}");
        }
        documents.push(("explanation", "valid", explanation));
    }
    documents.push(("checks", "valid", list));
    documents.push(("checks", "invalid", json!([])));
    documents.push(("checks", "invalid", json!([{"issueCode": "INVALID_ACTION"}])));
    documents.push(("explanation", "invalid", json!({"issueCode": "INVALID_ACTION", "page": ""})));
    let path = root().join("docs/schemas/examples/explanation.json");
    let example: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let written = run(&["explain", "NULL_WITH_QUALIFIER", "--format", "json"]).json();
    assert_eq!(example, written, "docs/schemas/examples/explanation.json");
}
