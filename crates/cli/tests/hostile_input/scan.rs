//! `scan`: what is hostile becomes an entry, and the rest is analyzed.

use serde_json::Value;

use super::policies::{OPEN, as_string, hostile, not_utf8};
use super::support::{Folder, Run, run};

pub(crate) const QUEUES: &str = "accounts/111122223333/eu-west-1/AWS-SQS-Queue";

/// The file of a queue with this policy, which stands alone on the third line.
pub(crate) fn queue(name: &str, policy: &[u8]) -> Vec<u8> {
    let arn = format!("arn:aws:sqs:eu-west-1:111122223333:{name}");
    let head = format!(
        "{{\"resourceType\":\"AWS::SQS::Queue\",\"arn\":\"{arn}\",\n\"configuration\":{{\"sqsQueue\":{{\"queuePolicy\":\n"
    );
    [head.as_bytes(), policy, b"\n}}}"].concat()
}

/// A snapshot with one queue that everyone can send to.
pub(crate) fn snapshot() -> Folder {
    let folder = Folder::new();
    folder.write("snapshot.json", r#"{"formatVersion":1,"partition":"aws","notRead":[]}"#);
    folder.write(&format!("{QUEUES}/public.json"), queue("public", OPEN.as_bytes()));
    folder
}

/// Scans, and makes sure that the public queue is found in spite of everything.
#[track_caller]
pub(crate) fn scan(folder: &Folder) -> (Run, Vec<Value>) {
    let done = run(&["scan", &folder.path(""), "--format", "json"]);
    assert_eq!(done.code, 3, "{done:?}");
    let report = done.json();
    let resources: Vec<&Value> =
        report["findings"].as_array().unwrap().iter().map(|finding| &finding["resource"]).collect();
    assert!(
        resources.contains(&&"arn:aws:sqs:eu-west-1:111122223333:public".into()),
        "{resources:?}"
    );
    let entries = report["notAnalyzed"].as_array().unwrap().clone();
    assert_eq!(report["summary"]["complete"], entries.is_empty());
    (done, entries)
}

/// The entry about a file.
#[track_caller]
pub(crate) fn about<'e>(entries: &'e [Value], file: &str) -> &'e Value {
    let ending = format!("/{file}");
    let own = entries.iter().find(|entry| entry["file"].as_str().unwrap().ends_with(&ending));
    own.unwrap_or_else(|| panic!("nothing is said of {file}: {entries:?}"))
}

#[test]
fn every_hostile_file_is_an_entry() {
    let folder = snapshot();
    for own in hostile() {
        folder.write(&format!("{QUEUES}/{}.json", own.name), queue(own.name, &own.text));
    }
    let (bytes, bytes_column) = not_utf8();
    folder.write(&format!("{QUEUES}/bytes.json"), queue("bytes", &bytes));
    folder.write(&format!("{QUEUES}/empty.json"), "");
    folder.write(&format!("{QUEUES}/string.json"), queue("string", as_string().as_bytes()));

    let (done, entries) = scan(&folder);
    assert!(done.err.contains("could not be analyzed"), "{done:?}");
    assert!(done.out.contains("111122223333:string\""), "a policy in a string is a policy");
    assert_eq!(entries.len(), hostile().len() + 2, "{entries:?}");
    for own in hostile() {
        let entry = about(&entries, &format!("{}.json", own.name));
        assert!(entry["reason"].as_str().unwrap().contains(own.says), "{entry}");
        if let Some(column) = own.column {
            assert_eq!((&entry["line"], &entry["column"]), (&3.into(), &column.into()), "{entry}");
        }
    }
    let entry = about(&entries, "bytes.json");
    assert_eq!((&entry["line"], &entry["column"]), (&3.into(), &bytes_column.into()), "{entry}");
    assert!(entry["reason"].as_str().unwrap().contains("not UTF-8"), "{entry}");
    let entry = about(&entries, "empty.json");
    assert!(entry["reason"].as_str().unwrap().contains("the document is empty"), "{entry}");
}

#[test]
fn hostile_accounts_and_organizations_are_entries() {
    let deep = "[".repeat(100_000);
    let folder = snapshot();
    for name in [
        "organization.json",
        "accounts/111122223333/account.json",
        "accounts/111122223333/authorization-details.json",
    ] {
        folder.write(name, &deep);
    }
    let (_, entries) = scan(&folder);
    for name in ["organization.json", "account.json", "authorization-details.json"] {
        assert!(!about(&entries, name)["reason"].as_str().unwrap().is_empty());
    }
}
