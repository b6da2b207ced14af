//! Files of a hundred megabytes, and texts that are made to take long.

use super::policies::OPEN;
use super::scan::{QUEUES, about, queue, scan, snapshot};
use super::support::{Folder, run};

const LARGE: usize = 100_000_000;

/// Texts of a hundred megabytes that stand where a policy should.
fn large() -> [(&'static str, Vec<u8>); 3] {
    let text = OPEN.replacen("sqs:Send", &"a".repeat(LARGE), 1);
    let values = format!("{{\"Statement\":[{}{{}}]}}", "{},".repeat(LARGE / 3));
    let space = format!("{}{OPEN}", " ".repeat(LARGE));
    [("text", text.into_bytes()), ("values", values.into_bytes()), ("space", space.into_bytes())]
}

#[test]
fn files_of_a_hundred_megabytes() {
    for (name, text) in large() {
        let folder = snapshot();
        let file = format!("{name}.json");
        folder.write(&format!("{QUEUES}/{file}"), queue(name, &text));
        let (_, entries) = scan(&folder);
        if name == "space" {
            // Space around a policy is no part of it.
            assert!(entries.is_empty(), "{entries:?}");
        } else {
            assert!(!about(&entries, &file)["reason"].as_str().unwrap().is_empty());
        }

        let (open, path) = (folder.write("open", OPEN), folder.write("large", &text));
        let files = ["--existing", &open, "--new", &path, "--policy-type", "resource"];
        let done = run(&[["check", "no-new-access"].as_slice(), &files].concat());
        assert!(done.code == 1 && done.err.contains(&path), "{name}: {done:?}");
        let done = run(&["simulate", &path]);
        assert!(done.code == 1 && done.err.contains("has more than 67108864 bytes"), "{done:?}");

        let mut input = b"{\"id\": 1, \"policyType\": \"resource\", \"existing\": ".to_vec();
        input.extend([OPEN.as_bytes(), b", \"new\": ", &text, b"}\n"].concat());
        let job = format!(
            "{{\"id\": 2, \"policyType\": \"resource\", \"existing\": {OPEN}, \"new\": {OPEN}}}\n"
        );
        input.extend(job.as_bytes());
        let done = run(&["check", "no-new-access", "--batch", &folder.write("jobs.jsonl", input)]);
        let answers = done.lines();
        assert_eq!((done.code, answers.len()), (1, 2), "{done:?}");
        assert!(answers[0]["error"]["message"].as_str().unwrap().contains("the line is longer"));
        assert_eq!((&answers[1]["id"], &answers[1]["result"]), (&2.into(), &"PASS".into()));
    }
}

/// Just short enough to be read: the number of values and of problems is what has to be bounded.
#[test]
fn millions_of_values_and_problems() {
    let folder = Folder::new();
    let statements = format!("{{\"Statement\":[{}{{}}]}}", "{},".repeat(20_000_000));
    let path = folder.write("scenario", format!("{{\"resourcePolicy\":{statements}}}"));
    let done = run(&["simulate", &path]);
    assert!(done.code == 1 && done.err.contains("more than 4000000 JSON values"), "{done:?}");

    let open = folder.write("open", OPEN);
    let statements = format!("{{\"Statement\":[{}{{}}]}}", "{},".repeat(1_500_000));
    let files = [
        "--existing",
        &open,
        "--new",
        &folder.write("new", statements),
        "--policy-type",
        "resource",
    ];
    let done = run(&[["check", "no-new-access"].as_slice(), &files].concat());
    assert!(done.code == 1 && done.err.contains("the statement has no Effect"), "{done:?}");
    assert!(done.err.ends_with("more problems follow that are not listed\n"), "{done:?}");
}

/// Each of a thousand problems has a place at the end of a long text with characters of several bytes,
/// some of them escaped.
#[test]
fn places_far_into_a_text() {
    let folder = Folder::new();
    let statements = vec![r#"{"Effect": 5}"#; 1_000].join(",");
    let sid = "é\\u00e9🦀".repeat(400_000);
    let policy = format!("{{\"Id\":\"{sid}\",\"Statement\":[{statements}]}}");
    let open = folder.write("open", OPEN);
    for content in [policy.clone(), serde_json::Value::from(policy).to_string()] {
        let path = folder.write("new", content);
        let files = ["--existing", &open, "--new", &path, "--policy-type", "resource"];
        let done = run(&[["check", "no-new-access"].as_slice(), &files].concat());
        assert_eq!(done.code, 1);
        assert!(done.err.contains("`Effect` takes a string, not a number"), "{}", done.err);
    }
}
