//! What a path is, and what is said of one that is nothing of use.

use std::fs;
use std::path::Path;

use crate::support::Folder;
use ringfence_access::inventory::Embedding;
use ringfence_sources::{read_policy_file, read_target};

fn error_of(folder: &Folder, name: &str, content: &str) -> String {
    let path = folder.write(name, content);
    read_target(&path).unwrap_err().to_string().replace(&format!("{}/", folder.0.display()), "")
}

#[test]
fn targets_are_told_by_what_they_hold() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/whole");
    let details = tests.join("accounts/111122223333/authorization-details.json");
    let inventory = read_target(&details).unwrap();
    assert_eq!(inventory.resources.len(), 3);
    assert_eq!(inventory.accounts.keys().next().unwrap().as_str(), "111122223333");
    assert!(inventory.organization.is_none() && inventory.not_analyzed.is_empty());

    let folder = Folder::new();
    folder.write("organization.json", fs::read(tests.join("organization.json")).unwrap());
    assert!(read_target(&folder.0).unwrap().organization.is_some());
}

#[test]
fn what_is_no_target() {
    let folder = Folder::new();
    let error = read_target(&folder.0).unwrap_err().to_string();
    assert!(error.contains("holds no snapshot: none of `snapshot.json`"), "{error}");
    let error = read_target(&folder.0.join("absent")).unwrap_err().to_string();
    assert!(error.contains("absent` cannot be read: No such file"), "{error}");
    for (content, found) in [
        ("", "an empty file"),
        ("[]", "text that is no JSON object"),
        ("{\"Statement\": []}", "a policy; give it with `--policy`"),
        (
            "{\"resourceType\": \"\", \"configuration\": {}}",
            "a resource file; give the snapshot folder",
        ),
        ("{\"formatVersion\": 1}", "a part of a snapshot; give the snapshot folder"),
        ("{\"Policies\": []}", "a JSON object of some other kind"),
    ] {
        let error = error_of(&folder, "a.json", content);
        assert!(error.starts_with("`a.json` is no target: expected a snapshot folder"), "{error}");
        assert!(error.contains(&format!("found {found}")), "{error}");
    }
    let error = error_of(&folder, "a.json", "{\"RoleDetailList\": []}");
    assert_eq!(error, "`a.json`: no user, group or role in it has an ARN that names an account");
    folder.write("snapshot/snapshot.json", "{\n\"formatVersion\": 2}");
    let error = read_target(&folder.0.join("snapshot")).unwrap_err().to_string();
    assert!(
        error.ends_with(
            "snapshot.json`, line 2, column 17 has the format version 2; this program reads version 1"
        ),
        "{error}"
    );
}

#[test]
fn a_policy_alone() {
    let folder = Folder::new();
    let text =
        "{\"Statement\": [\n {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}]}";
    let policy = read_policy_file(&folder.write("p.json", text)).unwrap();
    let statement = policy.parse().unwrap().statements[0].clone();
    let position = policy.position(statement.span.start);
    assert_eq!((position.line, position.column), (2, 1));

    let string = ringfence_policy::json::escape(text);
    let policy = read_policy_file(&folder.write("s.json", format!("\n{string}\n"))).unwrap();
    assert_eq!(policy.embedding(), Embedding::JsonString);
    let statement = policy.parse().unwrap().statements[0].clone();
    let position = policy.position(statement.span.start);
    assert_eq!((position.line, position.column), (2, string.find("{\\\"Effect").unwrap()));

    let policy = read_policy_file(&folder.write("b.json", "{\"Statement\":\n 5")).unwrap();
    assert_eq!(policy.parse().unwrap_err()[0].position.line, 1);
    let error = read_policy_file(&folder.write("e.json", " \n")).unwrap_err().to_string();
    assert!(
        error.contains("e.json`, line 1, column 0 is not readable JSON: the document is empty"),
        "{error}"
    );
}
