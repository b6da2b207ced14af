//! `validate --fix`: what is written, and what stays as it is.

use std::fs;

use crate::support::{Folder, run, run_with};

/// A policy with a repair that changes nothing, in the layout of another system, with a mark in front.
const TABS: &str = "\u{feff}{\r\n\t\"Version\": \"2012-10-17\",\r\n\t\"Statement\": [{\"Effect\": \"Allow\",\r\n\t\t\"Action\": [\"s3:Get*\",\r\n\t\t\t\"s3:GetObject\"],\r\n\t\t\"Resource\": \"*\"}]\r\n}";
/// A policy with a repair that makes a condition count which never held, and one that changes nothing.
const WRONG_OPERATOR: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:Get*"],
      "Resource": "*",
      "Condition": { "StringEquals": { "aws:SourceIp": "203.0.113.0/24" } }
    }
  ]
}
"#;

fn repaired(text: &str) -> String {
    text.replace(",\r\n\t\t\t\"s3:GetObject\"", "").replace("\"s3:GetObject\", ", "")
}

#[test]
fn files_are_repaired_and_keep_every_other_byte() {
    let folder = Folder::new();
    let (tabs, wrong) = (folder.file("a.json", TABS), folder.file("b/b.json", WRONG_OPERATOR));
    let done = run(&["validate", "--fix", &folder.path(".")]);
    assert_eq!(fs::read_to_string(&tabs).unwrap(), repaired(TABS));
    assert_eq!(fs::read_to_string(&wrong).unwrap(), repaired(WRONG_OPERATOR));
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.contains("TYPE_MISMATCH") && !done.out.contains("REDUNDANT"), "{}", done.out);
    let told: Vec<&str> = done.err.lines().collect();
    let [first, second, left, all] = told.as_slice() else { panic!("{}", done.err) };
    assert!(first.contains("a.json:4:22 REDUNDANT_ACTION: remove"), "{first}");
    assert!(second.ends_with("every request is answered as before"), "{second}");
    assert!(left.contains("left alone: ") && left.contains("aws:SourceIp = 203.0.113."), "{left}");
    assert!(all.starts_with("fixed: 2 repairs in 2 files; 1 left alone"), "{all}");

    let again = run(&["validate", "--fix", &folder.path(".")]);
    assert_eq!(fs::read_to_string(&tabs).unwrap(), repaired(TABS));
    assert_eq!(again.out, done.out);
    let all = run(&["validate", "--fix", "--unsafe-fixes", &wrong]);
    let text = repaired(WRONG_OPERATOR).replace("StringEquals", "IpAddress");
    assert_eq!((all.code, fs::read_to_string(&wrong).unwrap()), (0, text));
    assert!(all.out.starts_with("No findings"), "{}", all.out);
}

#[test]
fn a_dry_run_writes_a_diff() {
    let folder = Folder::new();
    let file = folder.file("b.json", WRONG_OPERATOR);
    let done = run(&["validate", "--fix", "--dry-run", &file]);
    let diff = format!(
        "--- {file}\n+++ {file}\n@@ -3,7 +3,7 @@\n   \"Statement\": [\n     {{\n       \"Effect\": \"Allow\",\n\
         -      \"Action\": [\"s3:GetObject\", \"s3:Get*\"],\n+      \"Action\": [\"s3:Get*\"],\n       \
         \"Resource\": \"*\",\n       \"Condition\": {{ \"StringEquals\": {{ \"aws:SourceIp\": \"203.0.113.0/24\" }} }}\n     }}\n"
    );
    assert_eq!((done.code, done.out), (3, diff));
    assert!(done.err.contains("would fix: 1 repair in 1 file; 1 left alone"), "{}", done.err);
    assert_eq!(fs::read_to_string(&file).unwrap(), WRONG_OPERATOR);
    let tabs = run_with(&["validate", "--fix", "--dry-run", "-"], TABS.as_bytes());
    assert!(tabs.out.starts_with("--- <stdin>\n+++ <stdin>\n"), "{}", tabs.out);
    assert!(tabs.out.ends_with("\\ No newline at end of file\n"), "{}", tabs.out);
    // An empty diff alone would look like a policy without faults.
    let broken =
        run(&["validate", "--fix", "--dry-run", &folder.file("c.json", "{\"Statement\": [")]);
    assert_eq!((broken.code, broken.out.as_str()), (3, ""));
    assert!(broken.err.contains("c.json:1:"), "{}", broken.err);
    let nothing = run(&["validate", "--fix", "--dry-run", "examples/policies/good"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (0, ""));
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = Folder::new();
    let done = run_with(&["validate", "--fix", "-"], WRONG_OPERATOR.as_bytes());
    assert_eq!((done.code, done.out.as_str()), (0, repaired(WRONG_OPERATOR).as_str()));
    assert!(done.err.contains("TYPE_MISMATCH"), "{}", done.err);
    let report = folder.path("report.json");
    let to_file = ["validate", "--fix", "-", "--format", "json", "--output", report.as_str()];
    let done = run_with(&to_file, TABS.as_bytes());
    assert_eq!((done.code, done.out), (0, repaired(TABS)));
    let written: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&report).unwrap()).unwrap();
    assert_eq!(written["repairs"][0]["effect"], "same");
    assert_eq!(run_with(&["validate", "--fix", "-", "--format", "json"], b"{}").code, 2);
    assert_eq!(run(&["validate", "--fix", "--dry-run", "--format", "json", "."]).code, 2);
    for bad in [&b"\xff"[..], br#"{"UserDetailList": []}"#, br#""{\"Statement\": []}""#] {
        let done = run_with(&["validate", "--fix", "-"], bad);
        assert_eq!((done.code, done.out.as_str()), (1, ""), "{done:?}");
    }
}

#[test]
fn what_is_switched_off_or_suppressed_is_left_alone() {
    let folder = Folder::new();
    let file = folder.file("a.json", TABS);
    for config in [
        "[checks]\nREDUNDANT_ACTION = \"off\"\n",
        "[[path]]\npath = \"a.json\"\nchecks = { REDUNDANT_ACTION = \"off\" }\n",
        "[[suppression]]\ncheck = \"REDUNDANT_ACTION\"\npath = \"**\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2100-01-01\n",
    ] {
        let config = folder.file("ringfence.toml", config);
        let done = run(&["validate", "--fix", "--config", &config, &file]);
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{done:?}");
        assert_eq!(fs::read_to_string(&file).unwrap(), TABS);
    }
}

#[test]
fn what_other_programs_write_is_left_alone() {
    let folder = Folder::new();
    let snapshot = folder.snapshot("snapshot", WRONG_OPERATOR);
    let details = serde_json::json!({"Policies": [], "RoleDetailList": [], "GroupDetailList": [],
        "UserDetailList": [{"Path": "/", "UserName": "u", "UserId": "AIDA", "Arn": "arn:aws:iam::111122223333:user/u",
        "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": WRONG_OPERATOR}]}]});
    let details = folder.file("details.json", details.to_string());
    let string = folder.file("string.json", serde_json::json!(WRONG_OPERATOR).to_string());
    let resource = format!("{snapshot}/accounts/111122223333/eu-west-1/AWS-SQS-Queue/q.json");
    let before = [&resource, &details, &string].map(|path| fs::read(path).unwrap());
    let done = run(&["validate", "--fix", &snapshot, &details, &string]);
    assert!(done.out.contains("REDUNDANT_ACTION"), "{done:?}");
    assert_eq!(before, [&resource, &details, &string].map(|path| fs::read(path).unwrap()));
    assert!(done.err.contains("not in files that are rewritten"), "{}", done.err);
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let folder = Folder::new();
    let file = folder.file("real/a.json", TABS);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real/a.json", folder.path("link.json")).unwrap();
    assert_eq!(run(&["validate", "--fix", &folder.path("link.json"), &file]).code, 0);
    assert!(fs::symlink_metadata(folder.path("link.json")).unwrap().is_symlink());
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o640);
    assert_eq!(fs::read_to_string(&file).unwrap(), repaired(TABS));
    assert_eq!(fs::read_dir(folder.path("real")).unwrap().count(), 1, "nothing is left behind");

    let closed = folder.file("closed.json", TABS);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o440)).unwrap();
    let done = run(&["validate", "--fix", &closed]);
    assert_eq!((done.code, fs::read_to_string(&closed).unwrap()), (1, TABS.to_owned()));
    assert!(done.err.contains("cannot be repaired: it is read-only"), "{}", done.err);
    assert!(done.out.contains("REDUNDANT_ACTION"), "{}", done.out);
}
