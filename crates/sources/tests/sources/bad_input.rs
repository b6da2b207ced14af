//! Input that no well-meaning tool writes: each thing has its entry, and what stands beside it is read.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::support::{Folder, entries};
use ringfence_sources::{read_authorization_details, read_policy_file, read_snapshot};

const QUEUES: &str = "accounts/111122223333/eu-west-1/AWS-SQS-Queue";

fn queue(name: &str, policy: &str) -> String {
    format!(
        "{{\"resourceType\": \"AWS::SQS::Queue\",\n\"arn\": \"arn:aws:sqs:eu-west-1:111122223333:{name}\",\n\
         \"configuration\": {{\"sqsQueue\": {{\"queuePolicy\": {policy}}}}}}}"
    )
}

/// A snapshot with one good queue.
fn snapshot() -> Folder {
    let folder = Folder::new();
    folder.write(&format!("{QUEUES}/good.json"), queue("good", "null"));
    folder
}

/// The one entry of the snapshot, whose good queue must have been read.
#[track_caller]
fn only_entry(folder: &Folder) -> String {
    let inventory = read_snapshot(&folder.0).unwrap();
    let found = entries(&inventory, &folder.0);
    assert!(inventory.resources.iter().any(|resource| resource.arn.ends_with(":good")));
    let [entry] = found.as_slice() else { panic!("{found:#?}") };
    entry.clone()
}

#[track_caller]
fn entry_for(content: impl AsRef<[u8]>) -> String {
    let folder = snapshot();
    folder.write(&format!("{QUEUES}/bad.json"), content);
    let entry = only_entry(&folder);
    let prefix = format!("{QUEUES}/bad.json:");
    entry.strip_prefix(&prefix).unwrap_or_else(|| panic!("{entry}")).to_owned()
}

#[test]
fn texts_that_are_not_json() {
    let entry = entry_for("");
    assert!(entry.starts_with("1\n") && entry.contains("the document is empty"), "{entry}");
    let mut bytes = queue("bad", "\"é\n\"").into_bytes();
    let at = bytes.iter().rposition(|byte| *byte == b'\n').unwrap();
    bytes[at + 1] = 0xff;
    let entry = entry_for(bytes);
    assert!(entry.starts_with("4\n") && entry.contains("not UTF-8"), "{entry}");
    let entry = entry_for(queue("bad", "\"\\ud83d\""));
    assert!(entry.starts_with("3\n") && entry.contains("surrogate"), "{entry}");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let entry = entry_for(queue("bad", &deep));
    assert!(entry.starts_with("3\n") && entry.contains("nested deeper"), "{entry}");
    let entry = entry_for("{\"a\":".repeat(100_000));
    assert!(entry.contains("nested deeper"), "{entry}");
    let entry =
        entry_for(queue("bad", "{}").replace("\"arn\"", "\"tags\": [], \"tags\": [], \"arn\""));
    assert!(entry.starts_with("2\n") && entry.contains("`tags` stands twice"), "{entry}");
}

#[test]
fn a_file_of_a_hundred_megabytes() {
    let long = format!("\"{}\"", "x".repeat(100 << 20));
    let entry = entry_for(queue("bad", &long));
    assert!(entry.starts_with("3\n") && entry.contains("bytes are not read"), "{entry}");
    let many = format!("[{}0]", "0,".repeat(50 << 20));
    let entry = entry_for(queue("bad", &many));
    assert!(entry.contains("JSON values"), "{entry}");
    let folder = snapshot();
    let spaces = queue("spaces", &format!("{}null", " ".repeat(100 << 20)));
    folder.write(&format!("{QUEUES}/spaces.json"), spaces);
    let inventory = read_snapshot(&folder.0).unwrap();
    assert_eq!((inventory.resources.len(), inventory.not_analyzed.len()), (2, 0));
}

#[test]
fn a_pipe_is_not_opened() {
    let folder = snapshot();
    let path = folder.0.join(QUEUES).join("bad.json");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    let entry = only_entry(&folder);
    assert!(entry.contains("is a pipe, socket or device, not a regular file"), "{entry}");
    let error = read_policy_file(&path).unwrap_err().to_string();
    assert!(error.ends_with("is a pipe, socket or device, not a regular file"), "{error}");
}

#[test]
fn links_that_lead_round_in_circles_or_nowhere() {
    let folder = snapshot();
    symlink("bad.json", folder.0.join(QUEUES).join("bad.json")).unwrap();
    let entry = only_entry(&folder);
    assert!(entry.contains("cannot be read: Too many levels of symbolic links"), "{entry}");

    let folder = snapshot();
    symlink("nothing", folder.0.join(QUEUES).join("bad.json")).unwrap();
    let entry = only_entry(&folder);
    assert!(entry.contains("cannot be read: No such file"), "{entry}");

    // A link to the top of the snapshot, where a folder of a Region should be.
    let folder = snapshot();
    symlink("../..", folder.0.join("accounts/111122223333/eu-west-2")).unwrap();
    let entry = only_entry(&folder);
    assert!(entry.contains("found a folder named `accounts`"), "{entry}");
}

/// Root may read everything, so as root this test runs again as somebody else.
#[test]
fn a_folder_without_permission() {
    const AGAIN: &str = "RINGFENCE_TEST_WITHOUT_ROOT";
    let folder = snapshot();
    let private = folder.0.join("accounts/111122223333/eu-west-2");
    fs::create_dir(&private).unwrap();
    fs::set_permissions(&private, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&private).is_ok() {
        assert!(std::env::var_os(AGAIN).is_none(), "permissions do not count for nobody either");
        let program = folder.0.join("tests");
        fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let again = ["--exact", "bad_input::a_folder_without_permission"];
        let mut command = Command::new(program);
        command.args(again).env(AGAIN, "1").current_dir("/").uid(65_534).gid(65_534);
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
        return;
    }
    let entry = only_entry(&folder);
    let place = "accounts/111122223333/eu-west-2:-\n";
    assert!(entry.starts_with(place) && entry.contains("Permission denied"), "{entry}");

    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o000)).unwrap();
    let error = read_snapshot(&folder.0).unwrap_err().to_string();
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&private, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(error.contains("cannot be read: Permission denied"), "{error}");
}

fn details(roles: &str) -> String {
    format!("{{\n\"RoleDetailList\": [{roles}]}}\n")
}

fn role(name: &str) -> String {
    format!(
        "{{\"RoleName\": \"{name}\", \"Arn\": \"arn:aws:iam::111122223333:role/{name}\",\n \
         \"AssumeRolePolicyDocument\": {{\"Statement\": []}}}}"
    )
}

#[track_caller]
fn read_details(text: &str) -> (usize, Vec<String>) {
    let folder = Folder::new();
    let path = folder.write("details.json", text);
    let inventory = read_authorization_details(&path).unwrap();
    (inventory.resources.len(), entries(&inventory, &folder.0))
}

#[test]
fn authorization_details_that_break_off() {
    let whole = details(&format!("{},\n{},\n{}", role("a"), role("b"), role("c")));
    assert_eq!(read_details(&whole), (3, vec![]));
    let cut = &whole[..whole.rfind("\"AssumeRole").unwrap()];
    let (roles, found) = read_details(cut);
    assert_eq!(roles, 2);
    let [entry] = found.as_slice() else { panic!("{found:#?}") };
    assert!(entry.starts_with("details.json:6\n") && entry.contains("nothing is read"), "{entry}");
    let (roles, found) =
        read_details(&whole.replace("\"Statement\": []}}]", "\"Statement\": [}}]"));
    assert_eq!((roles, found.len()), (2, 1), "{found:#?}");
    assert!(found[0].starts_with("details.json:7\n"), "{}", found[0]);
}

#[test]
fn authorization_details_that_are_not_all_there() {
    let (_, found) =
        read_details(&details(&role("a")).replace("]}\n", "],\n\"IsTruncated\": true\n}"));
    assert!(
        found[0].starts_with("details.json:4\n") && found[0].contains("other pages"),
        "{found:?}"
    );
    let user = "{\"UserDetailList\": [{\"UserName\": \"u\", \"Arn\": \"arn:aws:iam::111122223333:user/u\"}]}";
    let (roles, found) = read_details(user);
    assert_eq!((roles, found.len()), (0, 1));
    assert!(found[0].contains("`RoleDetailList` is missing"), "{found:?}");
}
