//! The checks over targets: references, critical access, public access, and what the configuration says to them.

use serde_json::Value;

use crate::support::{EVERYONE_SENDS, Folder, READS, READS_AND_WRITES, Run, command};

/// Runs the command in a folder.
fn run_in(folder: &Folder, arguments: &[&str]) -> Run {
    let output = command(arguments).current_dir(&folder.0).output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn no_new_access(folder: &Folder, arguments: &[&str]) -> Run {
    run_in(folder, &[&["check", "no-new-access", "--format", "json"], arguments].concat())
}

/// The file and the reference of each policy, and the codes of its findings.
fn compared(run: &Run) -> Vec<(String, String, Vec<String>)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let policies = run.json()["policies"].as_array().unwrap().clone();
    let codes = |policy: &Value| {
        policy["findings"].as_array().unwrap().iter().map(|own| text(&own["issueCode"])).collect()
    };
    policies.iter().map(|own| (text(&own["file"]), text(&own["reference"]), codes(own))).collect()
}

const TRUST: &str = r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"},
    "Action": "sts:AssumeRole"}}"#;

#[test]
fn each_policy_is_held_against_its_own_reference() {
    let folder = Folder::new();
    folder.file("p/team/a.json", READS_AND_WRITES);
    folder.file("p/b.json", READS_AND_WRITES);
    folder.file("p/c.json", READS);
    folder.file("p/trust.json", TRUST);
    folder.file("refs/team/a.json", READS_AND_WRITES);
    folder.file("refs/identity.json", READS);
    folder.file("refs/resource.json", TRUST);
    let done = no_new_access(&folder, &["p", "--reference", "refs"]);
    assert_eq!(done.code, 3, "{done:?}");
    let new = || vec!["CHECK_NO_NEW_ACCESS".to_owned()];
    let row = |file: &str, reference: &str, codes| (file.to_owned(), reference.to_owned(), codes);
    assert_eq!(
        compared(&done),
        [
            row("p/b.json", "refs/identity.json", new()),
            row("p/c.json", "refs/identity.json", vec![]),
            row("p/team/a.json", "refs/team/a.json", vec![]),
            row("p/trust.json", "refs/resource.json", vec![]),
        ]
    );
    let check = &done.json()["policies"][0]["findings"][0]["check"];
    assert_eq!(check["witness"]["action"], "s3:PutObject");
    assert_eq!(check["reasons"][0]["statementId"], "Both");
    // The configuration says it more exactly.
    folder.file("refs/wide.json", READS_AND_WRITES);
    folder.file(
        "ringfence.toml",
        "[[reference]]\npath = \"p/b.json\"\npolicy = \"refs/wide.json\"\n",
    );
    let done = no_new_access(&folder, &["p", "--reference", "refs"]);
    assert_eq!(done.code, 0, "{done:?}");
    let done = no_new_access(&folder, &["p/b.json"]);
    assert_eq!((done.code, compared(&done)[0].1.as_str()), (0, "refs/wide.json"));
    let table = run_in(&folder, &["check", "no-new-access", "p", "--reference", "refs"]);
    assert_eq!(table.out, "No new access in 4 policies.\n");
}

#[test]
fn a_checkout_of_the_base_is_a_folder_of_references() {
    let folder = Folder::new();
    folder.file("base/p/a.json", READS);
    folder.file("p/a.json", READS);
    let arguments = ["p", "--reference", "base", "--without-reference", "empty"];
    assert_eq!(no_new_access(&folder, &arguments).code, 0);
    folder.file("p/a.json", READS_AND_WRITES);
    assert_eq!(no_new_access(&folder, &arguments).code, 3);
    folder.file("p/a.json", READS);
    folder.file("p/new.json", READS);
    let done = no_new_access(&folder, &arguments);
    assert_eq!(done.code, 3, "{done:?}");
    assert_eq!(compared(&done)[1].2, ["CHECK_NO_NEW_ACCESS"]);
}

#[test]
fn what_has_no_usable_reference_does_not_pass() {
    let folder = Folder::new();
    folder.file("p/a.json", READS);
    folder.file("refs/resource.json", TRUST);
    let done = no_new_access(&folder, &["p", "--reference", "refs"]);
    assert_eq!(done.code, 4, "{done:?}");
    assert!(done.json()["notAnalyzed"][0]["reason"].as_str().unwrap().contains("identity.json"));
    let allowed = no_new_access(&folder, &["p", "--reference", "refs", "--allow-incomplete"]);
    assert_eq!(allowed.code, 0);
    for (arguments, code, said) in [
        (vec!["p"], 2, "--reference"),
        (vec!["p", "--reference", "absent"], 1, "`absent` does not exist"),
        (vec!["p", "--reference", "."], 1, "held against itself"),
        (vec!["p/a.json", "absent.json", "--reference", "refs"], 1, "absent.json"),
    ] {
        let done = no_new_access(&folder, &arguments);
        assert_eq!(done.code, code, "{done:?}");
        assert!(done.err.contains(said), "{done:?}");
    }
    for (text, said) in [("{", "refs/identity.json:1:"), (TRUST, "it is a resource policy")] {
        folder.file("refs/identity.json", text);
        let done = no_new_access(&folder, &["p", "--reference", "refs"]);
        assert_eq!(done.code, 1, "{done:?}");
        assert!(done.err.contains(said), "{done:?}");
    }
    // The whole folder is looked at, and the references in it are not.
    folder.file("refs/identity.json", READS);
    let done = no_new_access(&folder, &[".", "--reference", "refs"]);
    assert_eq!((done.code, compared(&done).len()), (0, 1), "{done:?}");
}

#[test]
fn critical_access_is_asked_group_by_group() {
    let folder = Folder::new();
    folder.file("p/a.json", READS_AND_WRITES);
    folder.file("p/b.json", READS);
    folder.file(
        "critical.toml",
        "[[critical]]\nname = \"writes\"\ndescription = \"d\"\nactions = [\"s3:PutObject\"]\n\
         [[critical]]\nname = \"other\"\nresources = [\"arn:aws:s3:::other/*\"]\n",
    );
    let ask = ["check", "access-not-granted", "p", "--critical", "critical.toml"];
    let done = run_in(&folder, &[&ask[..], &["--format", "json"]].concat());
    assert_eq!((done.code, done.err.as_str()), (3, ""), "{done:?}");
    let policies = &done.json()["policies"];
    assert_eq!(policies[0]["findings"].as_array().unwrap().len(), 1);
    assert_eq!(policies[0]["findings"][0]["check"]["critical"]["name"], "writes");
    assert_eq!(policies[1]["findings"].as_array().unwrap().len(), 0);
    let listed = ["check", "access-not-granted", "p", "--action", "s3:DeleteBucket"];
    assert_eq!(run_in(&folder, &listed).code, 0);
    assert_eq!(run_in(&folder, &["check", "access-not-granted", "p"]).code, 2);
    folder.file("critical.toml", "[[critical]]\nname = \"a\"\nactions = [\"s3:PutObjct\"]\n");
    let done = run_in(&folder, &ask);
    assert!(done.err.contains("`s3:PutObjct` of `a` is no action"), "{done:?}");
    folder.file("critical.toml", "critical = 5");
    assert_eq!(run_in(&folder, &ask).code, 1);
}

#[test]
fn every_resource_policy_of_an_environment_is_asked_for_public_access() {
    let folder = Folder::new();
    folder.snapshot("snapshot", EVERYONE_SENDS);
    folder.file("p/identity.json", READS);
    let done = run_in(&folder, &["check", "no-public-access", "snapshot", "p", "--format", "json"]);
    assert_eq!(done.code, 3, "{done:?}");
    let report = done.json();
    assert_eq!(report["policies"][0]["resourceType"], "AWS::SQS::Queue");
    assert_eq!(report["policies"][0]["findings"][0]["issueCode"], "CHECK_NO_PUBLIC_ACCESS");
    assert_eq!(report["summary"]["notApplicable"], 1);
    let details = r#"{"RoleDetailList": [{"Arn": "arn:aws:iam::111122223333:role/r", "RoleName": "r",
        "AssumeRolePolicyDocument": {"Statement": {"Effect": "Allow", "Principal": "*",
        "Action": "sts:AssumeRole"}}}]}"#;
    folder.file("details.json", details);
    let done = run_in(&folder, &["check", "no-public-access", "details.json", "--format", "json"]);
    assert_eq!(done.code, 3, "{done:?}");
    assert_eq!(done.json()["policies"][0]["resourceType"], "AWS::IAM::AssumeRolePolicyDocument");
    folder.file("p/queue.json", EVERYONE_SENDS);
    for format in ["table", "jsonl", "sarif", "junit", "markdown", "html", "gitlab"] {
        let done = run_in(&folder, &["check", "no-public-access", "p", "--format", format]);
        assert_eq!(done.code, 3, "{format}: {done:?}");
        assert!(done.out.contains("p/queue") && done.out.contains("sqs"), "{format}: {done:?}");
    }
}

#[test]
fn suppressions_and_baselines_hold_for_what_they_were_made_for() {
    let folder = Folder::new();
    folder.file("p/a.json", READS_AND_WRITES);
    folder.file("refs/identity.json", READS);
    let suppression = "[[suppression]]\ncheck = \"CHECK_NO_NEW_ACCESS\"\npath = \"p/a.json\"\n";
    let whole = format!("{suppression}reason = \"r\"\nowner = \"o\"\nexpires = 2100-01-01\n");
    folder.file("ringfence.toml", &whole);
    assert_eq!(no_new_access(&folder, &["p", "--reference", "refs"]).code, 0);
    // It is not for `validate` to say that nothing needs it.
    let validated = run_in(&folder, &["validate", "p", "--fail-on", "none"]);
    assert_eq!((validated.code, validated.err.as_str()), (0, ""));
    folder.file("ringfence.toml", suppression);
    assert_eq!(no_new_access(&folder, &["p", "--reference", "refs"]).code, 3);
    folder.file("ringfence.toml", "[checks]\nCHECK_NOT_DECIDED = \"off\"\n");
    assert_eq!(no_new_access(&folder, &["p", "--reference", "refs"]).code, 1);
    folder.file("ringfence.toml", "fail_on = \"none\"\n");
    let run = ["p", "--reference", "refs", "--report", "json=before.json"];
    assert_eq!(no_new_access(&folder, &run).code, 3);
    let again = ["p", "--reference", "refs", "--baseline", "before.json"];
    assert_eq!(no_new_access(&folder, &again).code, 0);
    // A policy that says anything else is asked again, even where the statement stays.
    let other = READS_AND_WRITES.replacen(
        "{\"Statement\":",
        "{\"Version\": \"2012-10-17\", \"Statement\":",
        1,
    );
    folder.file("p/a.json", other);
    assert_eq!(no_new_access(&folder, &again).code, 3);
}

#[test]
fn a_broken_policy_stops_nothing() {
    let folder = Folder::new();
    folder.file("p/broken.json", "{\"Statement\": [{\"Effect\": \"Maybe\"}]}");
    folder.file("p/a.json", READS_AND_WRITES);
    folder.file("refs/identity.json", READS);
    let done = no_new_access(&folder, &["p", "--reference", "refs"]);
    assert_eq!(done.code, 3, "{done:?}");
    assert_eq!(done.json()["notAnalyzed"][0]["file"], "p/broken.json");
    let done = no_new_access(&folder, &["p/broken.json", "--reference", "refs"]);
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.err.contains("p/broken.json:1:"), "{done:?}");
}

#[test]
fn what_is_not_decided_fails_whatever_is_configured() {
    let folder = Folder::new();
    // Three variables in one pattern against two: more than the engine takes apart.
    let tied = |resource: &str| {
        let statement =
            format!(r#"{{"Effect": "Allow", "Action": "s3:*", "Resource": "{resource}"}}"#);
        format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#)
    };
    let reference = tied("arn:aws:s3:::d/${aws:username}/${aws:PrincipalTag/a}*${aws:userid}");
    folder.file("refs/identity.json", reference);
    folder.file("p/a.json", tied("arn:aws:s3:::d/${aws:username}/*${aws:PrincipalTag/a}*"));
    folder.file("ringfence.toml", "fail_on = \"none\"\n[checks]\nCHECK_NO_NEW_ACCESS = \"off\"\n");
    let arguments = ["p", "--reference", "refs", "--report", "json=before.json"];
    let done = no_new_access(&folder, &arguments);
    assert_eq!(done.code, 3, "{done:?}");
    let finding = &done.json()["policies"][0]["findings"][0];
    assert_eq!(finding["issueCode"], "CHECK_NOT_DECIDED");
    assert_eq!(finding["check"]["result"], "UNKNOWN");
    let again = ["p", "--reference", "refs", "--baseline", "before.json", "--allow-incomplete"];
    assert_eq!(no_new_access(&folder, &again).code, 3);
}
