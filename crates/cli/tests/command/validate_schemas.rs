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
