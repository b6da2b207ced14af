//! `--batch`: lines in, lines out.

use std::fmt::Write;
use std::io::{BufRead, BufReader, Write as _};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{Folder, READS, READS_AND_WRITES, command, run, run_with};

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn every_check_has_a_batch() {
    let public = json!({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}});
    for (check, job, result) in [
        (
            "no-new-access",
            json!({"id": "a", "existing": parsed(READS), "new": parsed(READS_AND_WRITES)}),
            "FAIL",
        ),
        (
            "no-new-access",
            json!({"id": 7, "existing": READS, "new": READS, "policyType": "RESOURCE_POLICY", "result": "?"}),
            "PASS",
        ),
        (
            "access-not-granted",
            json!({"policy": parsed(READS), "policyType": "identity", "access": {"actions": ["s3:GetObject"]}}),
            "FAIL",
        ),
        (
            "access-not-granted",
            json!({"policy": READS, "access": [{"resources": ["arn:aws:s3:::other/x"]}]}),
            "PASS",
        ),
        ("no-public-access", json!({"policy": public, "resourceType": "AWS::SQS::Queue"}), "FAIL"),
        (
            "no-public-access",
            json!({"policy": {"Statement": []}, "resourceType": "AWS::SQS::Queue"}),
            "PASS",
        ),
    ] {
        let done = run_with(&["check", check, "--batch", "-"], format!("{job}\n").as_bytes());
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{done:?}");
        let answer = &done.lines()[0];
        assert_eq!(answer["result"], result, "{answer}");
        assert_eq!(answer["id"], job.get("id").cloned().unwrap_or_default());
        assert!(answer["micros"].is_u64());
        assert_eq!(answer.get("witness").is_some(), result == "FAIL");
    }
}

#[test]
fn a_bad_line_has_an_error_and_ends_nothing() {
    let good = json!({"id": "good", "existing": parsed(READS), "new": parsed(READS)}).to_string();
    let broken = [
        ("nonsense".to_owned(), Value::Null),
        (json!({"id": 1}).to_string(), json!(1)),
        (json!({"id": 2, "existing": {}, "new": 5}).to_string(), json!(2)),
        (json!({"id": 3, "existing": READS, "new": "{\"Statement\": 5}"}).to_string(), json!(3)),
        (
            json!({"id": 4, "existing": READS, "new": READS, "policyType": "scp"}).to_string(),
            json!(4),
        ),
        (
            format!("{{\"id\": 5, \"existing\": {}{}", "[".repeat(100_000), "]".repeat(100_000)),
            json!(5),
        ),
        (
            format!("{{\"id\": 6, \"id\": 7, \"existing\": {READS}, \"new\": {READS}}}")
                .replace('\n', " "),
            json!(6),
        ),
        ("[]".to_owned(), Value::Null),
    ];
    let mut input = format!("{good}\n");
    for (line, _) in &broken {
        writeln!(input, "{line}\n{good}").unwrap();
    }
    let done =
        run_with(&["check", "no-new-access", "--batch", "-", "--jobs", "3"], input.as_bytes());
    assert_eq!((done.code, done.err.as_str()), (1, ""));
    let answers = done.lines();
    assert_eq!(answers.len(), 1 + 2 * broken.len());
    for (number, (_, id)) in broken.iter().enumerate() {
        let answer = &answers[1 + 2 * number];
        assert_eq!(&answer["id"], id, "{answer}");
        assert_eq!(answer["error"]["line"], 2 + 2 * number, "{answer}");
        assert!(answer["error"]["message"].is_string(), "{answer}");
        assert_eq!(answer.get("result"), None);
    }
    for answer in answers.iter().step_by(2) {
        assert_eq!((&answer["id"], &answer["result"]), (&"good".into(), &"PASS".into()));
    }
}

#[test]
fn a_line_may_be_long() {
    let resources: Vec<String> =
        (0..20_000).map(|n| format!("arn:aws:s3:::bucket-{n}/{}", "x".repeat(200))).collect();
    let wide = json!({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}});
    let long = json!({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": resources}});
    let job = json!({"id": 1, "existing": wide, "new": long}).to_string();
    assert!(job.len() > 4 << 20);
    let input = format!("{job}\n{}\n{job}", "y".repeat(70 << 20));
    let done = run_with(&["check", "no-new-access", "--batch", "-"], input.as_bytes());
    let answers = done.lines();
    assert_eq!((done.code, answers.len()), (1, 3));
    assert_eq!((&answers[0]["result"], &answers[2]["result"]), (&"PASS".into(), &"PASS".into()));
    assert!(
        answers[1]["error"]["message"].as_str().unwrap().contains("longer than"),
        "{}",
        answers[1]
    );
}

#[test]
fn answers_keep_the_order_and_do_not_depend_on_the_number_of_threads() {
    let folder = Folder::new();
    let mut input = String::new();
    for number in 0..3_000 {
        let new = if number % 3 == 0 { READS_AND_WRITES } else { READS };
        let job = json!({"id": number, "existing": parsed(READS), "new": parsed(new)});
        writeln!(input, "{job}").unwrap();
    }
    let jobs = folder.file("jobs.jsonl", input);
    let answers = |threads: &str| {
        let output = folder.path(threads);
        let done = run(&[
            "check",
            "no-new-access",
            "--batch",
            &jobs,
            "--jobs",
            threads,
            "--output",
            &output,
        ]);
        assert_eq!((done.code, done.out.as_str()), (0, ""));
        let text = std::fs::read_to_string(output).unwrap();
        let mut answers: Vec<Value> = text.lines().map(parsed).collect();
        for (number, answer) in answers.iter_mut().enumerate() {
            assert_eq!(answer["id"], number);
            assert_eq!(answer["result"], if number % 3 == 0 { "FAIL" } else { "PASS" });
            answer.as_object_mut().unwrap().remove("micros").unwrap();
        }
        answers
    };
    assert_eq!(answers("1"), answers("4"));
}

#[test]
fn a_job_is_answered_before_the_next_one_comes() {
    let mut child = command(&["check", "no-new-access", "--batch", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut jobs = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for number in 0..3 {
        writeln!(jobs, "{}", json!({"id": number, "existing": READS, "new": READS})).unwrap();
        assert_eq!(parsed(&answers.next().unwrap().unwrap())["id"], number);
    }
    drop(jobs);
    assert!(answers.next().is_none());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn simulate_has_a_batch() {
    let scenario = parsed(
        &std::fs::read_to_string(
            crate::support::root().join("docs/schemas/examples/scenario.json"),
        )
        .unwrap(),
    );
    let input = format!("{}\n{{\"id\": \"b\"}}\n", json!({"id": "a", "scenario": scenario}));
    let done = run_with(&["simulate", "--batch", "-"], input.as_bytes());
    let answers = done.lines();
    assert_eq!((done.code, answers.len()), (1, 2));
    assert_eq!(
        (&answers[0]["id"], &answers[0]["decision"]),
        (&"a".into(), &"ExplicitlyDenied".into())
    );
    assert_eq!(answers[1]["error"]["message"], "the job has no `scenario`");
}
