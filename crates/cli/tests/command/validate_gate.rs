//! `ringfence.toml`, baselines and suppressions.

use serde_json::Value;

use crate::support::{Folder, Run, command};

const TYPO: &str = "{\"Version\": \"2012-10-17\", \"Statement\": [\n  {\"Sid\": \"A\", \"Effect\": \"Allow\",\
    \"Action\": \"s3:GetObjekt\", \"Resource\": \"*\"}\n]}";

/// Runs `validate` in a folder.
fn run_in(folder: &Folder, arguments: &[&str]) -> Run {
    let arguments = [&["validate", "--today", "2026-06-01"], arguments].concat();
    let output = command(&arguments).current_dir(&folder.0).output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn suppression(rest: &str) -> String {
    format!("[[suppression]]\ncheck = \"INVALID_ACTION\"\npath = \"p/*.json\"\n{rest}")
}

const WHOLE: &str = "reason = \"new\"\nowner = \"team-a\"\nexpires = 2026-06-01\n";

#[test]
fn severities_and_switches() {
    let folder = Folder::new();
    folder.file("p/a.json", TYPO);
    assert_eq!(run_in(&folder, &["p"]).code, 3);
    for (config, code) in [
        ("[checks]\nINVALID_ACTION = \"off\"\n", 0),
        ("[checks]\nINVALID_ACTION = \"warning\"\n", 0),
        ("fail_on = \"warning\"\n[checks]\nINVALID_ACTION = \"warning\"\n", 3),
        ("fail_on = \"none\"\n", 0),
        ("[[path]]\npath = \"p\"\n[path.checks]\nINVALID_ACTION = \"off\"\n", 0),
        ("[[path]]\npath = \"q\"\n[path.checks]\nINVALID_ACTION = \"off\"\n", 3),
        ("exclude = [\"p/a.json\"]\n", 0),
    ] {
        folder.file("ringfence.toml", config);
        assert_eq!(run_in(&folder, &["p"]).code, code, "{config}");
    }
    folder.file("ringfence.toml", "[[path]]\npath = \"p\"\npolicy_type = \"scp\"\n");
    let report = run_in(&folder, &["p", "--format", "json"]).json();
    assert_eq!(report["policies"][0]["policyType"], "SERVICE_CONTROL_POLICY");
}

#[test]
fn suppressions_need_a_reason_an_owner_and_a_date() {
    let folder = Folder::new();
    folder.file("p/a.json", TYPO);
    folder.file("ringfence.toml", suppression(WHOLE));
    let done = run_in(&folder, &["p", "--format", "json"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let finding = done.json()["policies"][0]["findings"][0].clone();
    assert_eq!(
        (&finding["state"], &finding["fails"]),
        (&Value::from("suppressed"), &Value::from(false))
    );
    assert_eq!(finding["suppression"]["owner"], "team-a");
    for (rest, said) in [
        ("owner = \"a\"\nexpires = 2026-07-01\n", "has no `reason`"),
        ("reason = \"a\"\nexpires = 2026-07-01\n", "has no `owner`"),
        ("reason = \"a\"\nowner = \"a\"\n", "has no date"),
        ("reason = \"a\"\nowner = \"a\"\nexpires = 2026-05-31\n", "is past its date, 2026-05-31"),
    ] {
        folder.file("ringfence.toml", suppression(rest));
        for fail_on in ["security-warning", "none"] {
            let done = run_in(&folder, &["p", "--fail-on", fail_on]);
            assert_eq!(done.code, 3, "{rest}");
            assert!(done.err.contains("ringfence.toml:2:") && done.err.contains(said), "{done:?}");
        }
    }
    let other = suppression(&format!("sid = \"B\"\n{WHOLE}"));
    folder.file("ringfence.toml", other);
    let done = run_in(&folder, &["p"]);
    assert_eq!(done.code, 3);
    assert!(done.err.contains("matches nothing"), "{done:?}");
    let forbidden = format!("not_suppressible = [\"INVALID_ACTION\"]\n{}", suppression(WHOLE));
    folder.file("ringfence.toml", forbidden);
    let done = run_in(&folder, &["p"]);
    assert_eq!(done.code, 3);
    assert!(done.err.contains("may not be suppressed"), "{done:?}");
}

#[test]
fn only_what_is_new_counts_against_a_baseline() {
    let folder = Folder::new();
    folder.file("p/a.json", TYPO);
    let first = run_in(&folder, &["p", "--report", "json=before.json"]);
    assert_eq!(first.code, 3);
    let with_baseline = ["p", "--baseline", "before.json", "--format", "json"];
    assert_eq!(run_in(&folder, &with_baseline).code, 0);
    // Another statement before it, other lines, other white space.
    let moved = TYPO
        .replacen(
            "[\n",
            "[\n\n  {\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"},\n",
            1,
        )
        .replacen("\"Effect\": \"Allow\",\"", "\"Effect\":   \"Allow\",\n \"", 1);
    folder.file("p/a.json", &moved);
    let done = run_in(&folder, &with_baseline);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(done.json()["summary"]["inBaseline"], 1);
    // The same statement twice is one more than before.
    let twice = TYPO.replacen("\n]", ",\n  {\"Sid\": \"A\", \"Effect\": \"Allow\",\"Action\": \"s3:GetObjekt\", \"Resource\": \"*\"}\n]", 1);
    folder.file("p/a.json", &twice);
    let done = run_in(&folder, &with_baseline);
    assert_eq!(done.code, 3, "{done:?}");
    // A statement that says something else is a new one.
    folder.file("p/a.json", TYPO.replace("GetObjekt", "GetObjekd"));
    assert_eq!(run_in(&folder, &with_baseline).code, 3);
}

#[test]
fn a_broken_configuration_is_told_with_its_place() {
    let folder = Folder::new();
    folder.file("p/a.json", TYPO);
    folder.file("ringfence.toml", "\nfail_on = 5\n");
    let done = run_in(&folder, &["p"]);
    assert_eq!((done.code, done.out.as_str()), (1, ""));
    assert!(done.err.starts_with("error: ringfence.toml:2:10: "), "{done:?}");
    let done = run_in(&folder, &["p", "--config", "absent.toml"]);
    assert_eq!(done.code, 1);
    folder.file("ringfence.toml", "");
    folder.file("no-report.json", "{}");
    assert_eq!(run_in(&folder, &["p", "--baseline", "no-report.json"]).code, 1);
}
