//! `simulate`, with files and in batches.

use super::policies::{OPEN, as_string, hostile, not_utf8};
use super::support::{Folder, run};

const HEAD: &str = r#"{"principal":"arn:aws:iam::999988887777:user/a","action":"sqs:SendMessage","resource":{"arn":"arn:aws:sqs:eu-west-1:111122223333:q"},"identityPolicies":[{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}],"resourcePolicy":"#;

/// The scenario with this policy on its second line.
fn scenario(policy: &[u8]) -> Vec<u8> {
    [HEAD.as_bytes(), b"\n", policy, b"\n}"].concat()
}

#[test]
fn each_scenario_gets_its_diagnostic() {
    let folder = Folder::new();
    let done =
        run(&["simulate", &folder.write("good", scenario(OPEN.as_bytes())), "--format", "json"]);
    assert_eq!((done.code, &done.json()["decision"]), (0, &"Allowed".into()), "{done:?}");
    for own in hostile() {
        let path = folder.write(own.name, scenario(&own.text));
        let done = run(&["simulate", &path]);
        assert_eq!((done.code, done.out.as_str()), (1, ""), "{}: {done:?}", own.name);
        let line = done.err.lines().find(|line| line.contains(own.says));
        let line = line.unwrap_or_else(|| panic!("{}: {done:?}", own.name));
        if let Some(column) = own.column {
            assert!(line.starts_with(&format!("error: {path}:2:{column}: ")), "{line}");
        }
    }
    let (bytes, column) = not_utf8();
    let path = folder.write("bytes", scenario(&bytes));
    let done = run(&["simulate", &path]);
    let place = format!("error: {path}:2:{column}: the file is not UTF-8");
    assert!(done.code == 1 && done.err.contains(&place), "{done:?}");
    for (content, says) in [
        (b"".to_vec(), "the document is empty"),
        (scenario(as_string().as_bytes()), "a policy is a JSON object, not a string"),
    ] {
        let done = run(&["simulate", &folder.write("other", content)]);
        assert!(done.code == 1 && done.err.contains(says), "{done:?}");
    }
}

#[test]
fn a_bad_line_never_ends_a_batch() {
    let folder = Folder::new();
    let job = |id: &str, policy: &[u8]| {
        let head = format!("{{\"id\":\"{id}\",\"scenario\":{HEAD}");
        [head.as_bytes(), policy, b"}}\n".as_slice()].concat()
    };
    let mut input = job("first", OPEN.as_bytes());
    for own in hostile() {
        input.extend(job(own.name, &own.text));
    }
    input.extend(job("bytes", &not_utf8().0));
    input.extend(job("last", OPEN.as_bytes()));
    let done = run(&["simulate", "--batch", &folder.write("jobs.jsonl", input)]);
    assert_eq!(done.code, 1, "{}", done.err);
    let answers = done.lines();
    assert_eq!(answers.len(), hostile().len() + 3);
    for (own, answer) in hostile().iter().zip(&answers[1..]) {
        assert!(answer["error"]["message"].as_str().unwrap().contains(own.says), "{answer}");
    }
    for good in [answers.first(), answers.last()] {
        assert_eq!(good.unwrap()["decision"], "Allowed");
    }
}
