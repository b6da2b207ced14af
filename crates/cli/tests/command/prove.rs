//! `prove`: the evidence of a verdict, and that evidence which was tampered with is refused.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{EVERYONE_SENDS, Folder, READS, READS_AND_WRITES, run, run_with};

/// Files and the arguments of a claim about them that holds.
fn claims(folder: &Folder) -> Vec<Vec<String>> {
    let (reads, writes) = (folder.file("r.json", READS), folder.file("w.json", READS_AND_WRITES));
    let own = folder.file(
        "own.json",
        EVERYONE_SENDS.replace("\"*\"", r#"{"AWS": "arn:aws:iam::111122223333:root"}"#),
    );
    let claim = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    vec![
        claim(&[
            "no-new-access",
            "--existing",
            &writes,
            "--new",
            &reads,
            "--policy-type",
            "identity",
        ]),
        claim(&[
            "access-not-granted",
            "--policy",
            &reads,
            "--policy-type",
            "identity",
            "--action",
            "s3:PutObject",
        ]),
        claim(&["no-public-access", "--policy", &own]),
        claim(&["outside", "--policy", &own, "--account", "111122223333"]),
    ]
}

fn proved(folder: &Folder, claim: &[String]) -> (Value, String) {
    let (certificate, smtlib) = (folder.path("c.json"), folder.path("q.smt2"));
    let mut arguments = vec!["prove"];
    arguments.extend(claim.iter().map(String::as_str));
    arguments.extend(["--certificate", &certificate, "--smtlib", &smtlib, "--format", "json"]);
    let done = run(&arguments);
    assert_eq!((done.code, done.json()), (0, json!({"result": "PASS"})), "{claim:?} {}", done.err);
    let certificate = serde_json::from_str(&fs::read_to_string(certificate).unwrap()).unwrap();
    (certificate, fs::read_to_string(smtlib).unwrap())
}

#[test]
fn what_holds_is_certified_and_the_certificate_verified() {
    let folder = Folder::new();
    for claim in claims(&folder) {
        let (certificate, smtlib) = proved(&folder, &claim);
        assert!(smtlib.contains("(check-sat)") && smtlib.contains("(set-logic "), "{claim:?}");
        let text = certificate.to_string();
        let done = run_with(&["prove", "--verify", "-", "--format", "json"], text.as_bytes());
        let said = done.json();
        assert_eq!((done.code, &said["result"]), (0, &json!("VERIFIED")), "{claim:?}");
        assert_eq!(said["claim"], certificate["claim"]);
        let table = run(&["prove", "--verify", &folder.path("c.json")]);
        assert!(table.code == 0 && table.out.starts_with("VERIFIED  "), "{}", table.out);
    }
}

#[test]
fn what_does_not_hold_has_a_request_and_no_certificate() {
    let folder = Folder::new();
    let (reads, writes) = (folder.file("r.json", READS), folder.file("w.json", READS_AND_WRITES));
    let certificate = folder.path("none.json");
    let claim = [
        "prove",
        "no-new-access",
        "--existing",
        &reads,
        "--new",
        &writes,
        "--policy-type",
        "identity",
    ];
    let done = run(&[&claim[..], &["--certificate", &certificate, "--format", "json"]].concat());
    let said = done.json();
    assert_eq!((done.code, &said["result"], &said["statements"]), (3, &json!("FAIL"), &json!([0])));
    assert_eq!(said["witness"]["action"], "s3:PutObject");
    assert!(done.err.contains("no certificate is written"), "{}", done.err);
    assert!(!fs::exists(&certificate).unwrap());
    let table = run(&claim);
    assert!(table.out.contains("A request that gets through"), "{}", table.out);
}

#[test]
fn a_certificate_that_was_tampered_with_is_refused() {
    let folder = Folder::new();
    for claim in claims(&folder) {
        let (certificate, _) = proved(&folder, &claim);
        let verified = |own: &Value| {
            run_with(&["prove", "--verify", "-", "--format", "json"], own.to_string().as_bytes())
        };
        let mut without = certificate.clone();
        without["lemmas"] = json!([]);
        let mut wider = certificate.clone();
        let policy = if wider["claim"]["new"].is_null() { "policy" } else { "new" };
        wider["claim"][policy]["Statement"] =
            json!([{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]);
        for (what, tampered) in [("no lemmas", without), ("another policy", wider)] {
            let done = verified(&tampered);
            assert_eq!(
                (done.code, &done.json()["result"]),
                (3, &json!("REFUSED")),
                "{claim:?} {what}"
            );
        }
    }
    for bad in ["", "{}", "[]", "null", r#"{"format": "ringfence-certificate", "version": 2}"#] {
        let done = run_with(&["prove", "--verify", "-"], bad.as_bytes());
        assert_eq!((done.code, done.out.as_str()), (1, ""), "{bad}: {done:?}");
    }
}

#[test]
fn wrong_usage_is_told() {
    let folder = Folder::new();
    let reads = folder.file("r.json", READS);
    assert_eq!(run(&["prove"]).code, 2);
    assert_eq!(run(&["prove", "--verify", &reads, "no-public-access", "--policy", &reads]).code, 2);
    assert_eq!(run(&["prove", "outside", "--policy", &reads, "--account", "1"]).code, 2);
    assert_eq!(run(&["prove", "no-public-access", "--policy", &folder.path("absent")]).code, 1);
    assert_eq!(run(&["prove", "--verify", &folder.path("absent")]).code, 1);
    let nowhere = folder.path("no/such/folder/c.json");
    let same =
        ["no-new-access", "--existing", &reads, "--new", &reads, "--policy-type", "identity"];
    let done = run(&[&["prove"], &same[..], &["--certificate", &nowhere]].concat());
    assert!(done.code == 1 && done.err.contains("cannot be written"), "{done:?}");
}

/// Asks a solver about each of the files that are named.
const SOLVE: &str = "
import sys, z3
for path in sys.argv[1:]:
    solver = z3.Solver()
    solver.set('timeout', 60000)
    solver.from_file(path)
    print(solver.check())
";

#[test]
#[ignore = "needs the Python environment of `cargo xtask test`"]
fn a_solver_agrees_with_the_question() {
    let python = std::env::var_os("RINGFENCE_PYTHON").unwrap();
    let folder = Folder::new();
    let (reads, writes) = (folder.file("r.json", READS), folder.file("w.json", READS_AND_WRITES));
    let mut files = Vec::new();
    for (name, existing, new) in [("holds", &writes, &reads), ("fails", &reads, &writes)] {
        let file = folder.path(name);
        run(&[
            "prove",
            "no-new-access",
            "--existing",
            existing,
            "--new",
            new,
            "--policy-type",
            "identity",
            "--smtlib",
            &file,
        ]);
        files.push(file);
    }
    let done = Command::new(python).args(["-c", SOLVE]).args(files).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert_eq!(said, "unsat\nsat\n", "{}", String::from_utf8_lossy(&done.stderr));
}
