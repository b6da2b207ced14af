//! `rules` and `audit`, as people and auditors run them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::running::{Folder, PROGRAM};

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.env_remove("RINGFENCE_CONFIG").args(arguments).output().unwrap()
}

fn told(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8(output.stdout.clone()).unwrap())
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

#[test]
fn the_shipped_rules_pass_their_cases() {
    let folder = repository("examples/rules");
    let (code, out) = told(&run(&["rules", "test", folder.to_str().unwrap()]));
    assert_eq!((code, out.as_str()), (Some(0), ""));
    let (code, out) = told(&run(&["rules", "check", folder.to_str().unwrap()]));
    assert_eq!(code, Some(0));
    assert!(out.contains("`website` could archive a public finding"), "{out}");
    assert!(out.contains("which `deciding_tags` does not list"), "{out}");
    let own = Folder::new();
    let config = own.path().join("ringfence.toml");
    let text = "[response.safety]\npublic_archive = [\"website\"]\n[response.safety.deciding_tags]\n\
                Environment = [\"*\"]\nIsAllowedToShare = [\"*\"]\n";
    std::fs::write(&config, text).unwrap();
    let arguments =
        ["rules", "check", folder.to_str().unwrap(), "--config", config.to_str().unwrap()];
    let (_, out) = told(&run(&arguments));
    assert!(out.contains("`public_archive` allows it") && !out.contains("deciding_tags"), "{out}");
}

#[test]
fn rules_that_are_wrong_are_refused_with_their_place() {
    let folder = Folder::new();
    let path = folder.path().to_str().unwrap();
    let file = folder.path().join("a.cedar");
    assert_eq!(told(&run(&["rules", "check", path])).0, Some(1), "there is none");
    std::fs::write(
        &file,
        "@id(\"a\")\npermit (principal, action, resource)\nwhen { resource.isPubic };\n",
    )
    .unwrap();
    let (code, out) = told(&run(&["rules", "check", path]));
    assert_eq!(code, Some(3));
    assert!(out.starts_with(&format!("{}:3:8: ", file.display())), "{out}");
    std::fs::write(&file, "@id(\"a\") permit (principal, action == Action::\"Notify\", resource);")
        .unwrap();
    let cases = folder.path().join("a.cases.toml");
    std::fs::write(&cases, "[[case]]\nname = \"x\"\nexpect = \"Resolve\"\n[case.finding]\n")
        .unwrap();
    let (code, out) = told(&run(&["rules", "test", path]));
    assert_eq!(code, Some(3));
    assert!(out.contains("a.cases.toml:1: `x`: Notify by a, not Resolve"), "{out}");
    std::fs::write(&cases, "[[case]]\nname = \"x\"\nexpect = \"Delete\"\n").unwrap();
    let (code, out) = told(&run(&["rules", "test", path]));
    assert_eq!(code, Some(3));
    assert!(out.contains("a.cases.toml:3:10: "), "{out}");
}

/// A data folder whose record has three entries, and its export.
fn recorded() -> (Folder, PathBuf) {
    let folder = Folder::new();
    for (finding, text) in
        [("f1", "seen by hand"), ("f2", "\u{1b}[2J<b>"), ("f1", "asked the team")]
    {
        let note = ["audit", "note", finding, text, "--by", "alice", "--data"];
        let output = run(&[&note[..], &[folder.path().to_str().unwrap()]].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let export = folder.path().join("record.jsonl");
    let arguments = ["audit", "export", "--output", export.to_str().unwrap(), "--data"];
    assert!(run(&[&arguments[..], &[folder.path().to_str().unwrap()]].concat()).status.success());
    (folder, export)
}

#[test]
fn an_export_is_checked_against_what_was_kept_outside() {
    let (folder, export) = recorded();
    let data = folder.path().to_str().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let key = told(&run(&["audit", "public-key", "--data", data])).1;
    std::fs::write(path("key"), &key).unwrap();
    assert!(run(&["audit", "head", "--append", &path("anchors"), "--data", data]).status.success());
    let (key, anchors) = (path("key"), path("anchors"));
    let verify = |file: &str| {
        told(&run(&["audit", "verify", file, "--public-key", &key, "--anchor", &anchors]))
    };
    let whole = export.to_str().unwrap();
    assert_eq!(verify(whole), (Some(0), String::new()));
    let text = std::fs::read_to_string(&export).unwrap();
    std::fs::write(path("changed"), text.replace("alice", "mallory")).unwrap();
    let (code, out) = verify(&path("changed"));
    assert_eq!((code, out.lines().next()), (Some(3), Some("line 1: entry 1 was changed")));
    // Whoever has the database and the key: the record is shorter, and signed.
    let other = Folder::new();
    std::fs::copy(path("record.key"), other.path().join("record.key")).unwrap();
    let other_data = other.path().to_str().unwrap();
    assert!(
        run(&["audit", "note", "f1", "x", "--by", "mallory", "--data", other_data])
            .status
            .success()
    );
    assert!(
        run(&["audit", "export", "--output", &path("anew"), "--data", other_data]).status.success()
    );
    assert_eq!(
        verify(&path("anew")),
        (Some(3), "line 2: the record ended at entry 3 when it was anchored\n".to_owned())
    );
    let (code, out) = told(&run(&["audit", "show", "f2", "--data", data]));
    assert_eq!(code, Some(0));
    assert!(out.contains("text: \\u{1b}[2J<b>") && out.lines().count() == 1, "{out}");
    assert_eq!(told(&run(&["audit", "show", "f3", "--data", data])).0, Some(1));
}

/// The program of `docs/record.md`, and the signature as the `cryptography` package sees it.
#[test]
#[ignore = "needs Python: `cargo xtask test` sets it up"]
fn an_auditor_needs_nothing_of_ringfence() {
    let (folder, export) = recorded();
    let page = std::fs::read_to_string(repository("docs/record.md")).unwrap();
    let program = page.split("```python\n").nth(1).and_then(|own| own.split("```").next()).unwrap();
    let signature = "
import json, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
own = json.loads(open(sys.argv[1], encoding='utf-8').read().splitlines()[-1])
head = json.dumps(own['head'], sort_keys=True, separators=(',', ':'), ensure_ascii=False)
key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(own['publicKey']))
key.verify(bytes.fromhex(own['signature']), b'ringfence record head\\n' + head.encode())
";
    let python = |program: &str, file: &Path| {
        let name = std::env::var("RINGFENCE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        Command::new(name).args(["-c", program]).arg(file).output().unwrap()
    };
    let output = python(program, &export);
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "3 entries, whole\n", "{err}");
    let output = python(signature, &export);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let changed = folder.path().join("changed");
    let text = std::fs::read_to_string(&export).unwrap();
    std::fs::write(&changed, text.replace("asked", "saw")).unwrap();
    assert!(!python(program, &changed).status.success());
    std::fs::write(&changed, text.replace("\"position\":3},", "\"position\":2},")).unwrap();
    assert!(!python(signature, &changed).status.success());
}
