//! `check`, with files and in batches.

use super::policies::{OPEN, as_string, hostile, not_utf8};
use super::support::{Folder, Run, run};

#[track_caller]
fn check(existing: &str, new: &str) -> Run {
    let files = ["--existing", existing, "--new", new, "--policy-type", "resource"];
    run(&[["check", "no-new-access"].as_slice(), &files].concat())
}

#[test]
fn each_file_gets_its_diagnostic() {
    let folder = Folder::new();
    let open = folder.write("open-policy.json", OPEN);
    for own in hostile() {
        let path = folder.write(own.name, &own.text);
        let done = check(&open, &path);
        assert_eq!((done.code, done.out.as_str()), (1, ""), "{}: {done:?}", own.name);
        let line = done.err.lines().find(|line| line.contains(own.says));
        let line = line.unwrap_or_else(|| panic!("{}: {done:?}", own.name));
        if let Some(column) = own.column {
            assert!(line.starts_with(&format!("error: {path}:1:{column}: ")), "{line}");
        }
    }
    let (bytes, column) = not_utf8();
    let done = check(&folder.write("bytes", bytes), &open);
    let place = format!("line 1, column {column} is not UTF-8 text");
    assert!(done.code == 1 && done.err.contains(&place), "{done:?}");
    let done = check(&open, &folder.write("empty", ""));
    assert!(done.code == 1 && done.err.contains("the document is empty"), "{done:?}");
    let done = check(&open, &folder.write("string", as_string()));
    assert_eq!(done.code, 0, "{done:?}");
}

#[test]
fn a_bad_line_never_ends_a_batch() {
    let folder = Folder::new();
    let job = |id: &str, new: &[u8]| {
        let head =
            format!("{{\"id\":\"{id}\",\"policyType\":\"resource\",\"existing\":{OPEN},\"new\":");
        let before = head.chars().count();
        ([head.as_bytes(), new, b"}\n".as_slice()].concat(), before)
    };
    let mut input = job("first", OPEN.as_bytes()).0;
    for own in hostile() {
        input.extend(job(own.name, &own.text).0);
    }
    let (bytes, column) = not_utf8();
    input.extend(job("bytes", &bytes).0);
    input.extend(b"\n[]\nnonsense\n");
    input.extend(job("string", as_string().as_bytes()).0);
    let done = run(&["check", "no-new-access", "--batch", &folder.write("jobs.jsonl", input)]);
    assert_eq!(done.code, 1, "{}", done.err);

    let answers = done.lines();
    assert_eq!(answers.len(), hostile().len() + 5);
    assert_eq!((&answers[0]["id"], &answers[0]["result"]), (&"first".into(), &"PASS".into()));
    for (own, answer) in hostile().iter().zip(&answers[1..]) {
        assert_eq!(answer["id"], own.name);
        let error = &answer["error"];
        assert!(error["message"].as_str().unwrap().contains(own.says), "{answer}");
        if let Some(column) = own.column {
            assert_eq!(error["column"], job(own.name, b"").1 + column, "{answer}");
        }
    }
    let rest = &answers[hostile().len() + 1..];
    assert_eq!(rest[0]["error"]["column"], job("bytes", b"").1 + column, "{}", rest[0]);
    assert!(rest[1]["error"].is_object() && rest[2]["error"].is_object());
    assert_eq!((&rest[3]["id"], &rest[3]["result"]), (&"string".into(), &"PASS".into()));
    // The line number counts the blank line too.
    assert_eq!(rest[2]["error"]["line"], hostile().len() + 5);
}
