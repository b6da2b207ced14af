//! The files of a snapshot are as `docs/schemas` says: the examples there, the snapshots of the tests and
//! the example of the project. What is not as a schema says, the reader refuses too.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::Folder;
use ringfence_sources::read_snapshot;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_examples_are_a_snapshot() {
    let examples = project().join("docs/schemas/examples");
    let folder = Folder::new();
    for (example, place) in [
        ("snapshot.json", "snapshot.json"),
        ("organization.json", "organization.json"),
        ("account.json", "accounts/111122223333/account.json"),
        ("resource.json", "accounts/111122223333/eu-west-1/AWS-S3-Bucket/company-orders.json"),
    ] {
        folder.write(place, fs::read(examples.join(example)).unwrap());
    }
    let inventory = read_snapshot(&folder.0).unwrap();
    assert!(inventory.not_analyzed.iter().all(|entry| entry.file.ends_with("snapshot.json")));
    assert_eq!((inventory.resources.len(), inventory.not_analyzed.len()), (1, 2));
    assert!(inventory.organization.is_some());
}

/// Reads lines of a schema, a file, and whether the file should be valid; prints those that are not as
/// they should be.
const VALIDATE: &str = r#"
import json, sys
from jsonschema import Draft202012Validator
validators = {}
for line in sys.stdin:
    schema, name, expected = line.rstrip("\n").split("\t")
    if schema not in validators:
        text = json.load(open(schema, encoding="utf-8"))
        Draft202012Validator.check_schema(text)
        validators[schema] = Draft202012Validator(text)
    errors = [e.message for e in validators[schema].iter_errors(json.load(open(name, encoding="utf-8")))]
    if (not errors) != (expected == "valid"):
        print(name, expected, errors)
"#;

#[test]
#[ignore = "needs the Python environment of `cargo xtask test`"]
fn files_are_as_the_schemas_say() {
    let python = std::env::var_os("RINGFENCE_PYTHON").unwrap();
    let mut lines = String::new();
    let mut line = |schema: &str, file: &Path, expected: &str| {
        let schema = project().join(format!("docs/schemas/{schema}.schema.json"));
        lines += &format!("{}\t{}\t{expected}\n", schema.display(), file.display());
    };
    for name in ["snapshot", "organization", "account", "resource"] {
        line(name, &project().join(format!("docs/schemas/examples/{name}.json")), "valid");
    }
    let tests = project().join("crates/sources/tests/snapshots");
    for (root, broken) in [
        (project().join("examples/payments"), vec!["refund-events.json"]),
        (tests.join("whole"), vec![]),
    ] {
        for file in files(&root.join("accounts")) {
            let name = file.file_name().unwrap().to_str().unwrap();
            match name {
                "authorization-details.json" => {}
                "account.json" => line("account", &file, "valid"),
                _ if broken.contains(&name) => {}
                _ => line("resource", &file, "valid"),
            }
        }
        line("snapshot", &root.join("snapshot.json"), "valid");
        line("organization", &root.join("organization.json"), "valid");
    }
    let queues = "accounts/111122223333/eu-west-1/AWS-SQS-Queue";
    for refused in
        ["other-member", "two-members", "no-arn", "no-configuration", "list", "list-as-policy"]
    {
        line("resource", &tests.join(format!("broken/{queues}/{refused}.json")), "invalid");
    }
    for refused in [
        "AWS-S3-Bucket/grantee",
        "AWS-S3-Bucket/ownership",
        "AWS-EC2-Snapshot/group",
        "AWS-KMS-Key/names",
        "AWS-Glue-Job/j",
    ] {
        let file = format!("broken/accounts/111122223333/eu-west-1/{refused}.json");
        line("resource", &tests.join(file), "invalid");
    }
    line("snapshot", &tests.join("broken/snapshot.json"), "invalid");
    line("account", &tests.join("broken/accounts/111122223333/account.json"), "invalid");

    let folder = Folder::new();
    let input = fs::File::open(folder.write("lines", &lines)).unwrap();
    let output = Command::new(python).args(["-c", VALIDATE]).stdin(input).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert!(lines.lines().count() > 60, "the example is among them");
}

/// All files below a folder that are part of a snapshot.
fn files(folder: &Path) -> Vec<PathBuf> {
    let hidden = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with('.');
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let entries = entries.filter(|path| !hidden(path));
    let below = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    entries.flat_map(below).collect()
}
