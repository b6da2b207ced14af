//! A policy typed key by key: nothing that stands there on the way stops an answer, and answers come at once.

use std::fmt::Write;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::editor::{DOCUMENT, Editor};

const POLICY: &str = r#"{
  "Version": "2012-10-17", "Id": "ü \ud83d\ude00 𝄞",
  "Statement": [
    { "Sid": "A", "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111122223333:root" },
      "Action": ["s3:GetObject", "s3:Put*"], "Resource": "arn:aws:s3:::b/${aws:username}*" },
    { "Effect": "Deny", "NotAction": "*", "Resource": [],
      "Condition": { "ForAnyValue:StringLike": { "aws:TagKeys": ["é", "*"] }, "Bool": { "x": true } } }
  ]
}"#;

#[test]
fn every_state_of_a_policy_is_answered() {
    let (mut editor, _) = Editor::connect(&json!({"capabilities": {}}));
    editor.open("");
    let (mut line, mut column) = (0, 0);
    for character in POLICY.chars() {
        let here = json!({"line": line, "character": column});
        let nothing = json!({"start": here, "end": here});
        editor.change(&json!({"range": nothing, "text": character}));
        match character {
            '\n' => (line, column) = (line + 1, 0),
            _ => column += character.len_utf16(),
        }
        editor.at("textDocument/completion", line, column);
        editor.at("textDocument/hover", line, column);
        let here = json!({"line": line, "character": column});
        let asked = json!({"textDocument": {"uri": DOCUMENT}, "range": {"start": here, "end": here},
                           "context": {"diagnostics": []}});
        editor.result("textDocument/codeAction", &asked);
        editor.diagnostics();
    }
    let whole: Vec<char> = POLICY.chars().collect();
    for cut in (0..whole.len()).step_by(3) {
        let text: String = whole[cut..].iter().collect();
        editor.change(&json!({"text": text}));
        editor.at("textDocument/completion", 0, 1);
        editor.diagnostics();
    }
    assert!(editor.shut_down().0.success());
}

/// A policy of about six thousand bytes, the most that a managed policy can have.
fn long_policy() -> String {
    let mut text = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [".to_owned();
    for number in 0..16 {
        let comma = if number == 0 { "" } else { "," };
        _ = write!(
            text,
            r#"{comma}
    {{
      "Sid": "Statement{number}",
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:PutObject*", "dynamodb:Query", "kms:Decrypt", "ec2:Describe*"],
      "Resource": ["arn:aws:s3:::data-{number}/*", "arn:aws:dynamodb:*:111122223333:table/t{number}"],
      "Condition": {{ "StringEquals": {{ "aws:ResourceTag/team": "t{number}" }},
                     "IpAddress": {{ "aws:SourceIp": "203.0.113.0/24" }} }}
    }}"#
        );
    }
    text + "\n  ]\n}\n"
}

/// Prints how long diagnostics take behind a key. No time is asserted: it is not the same on every machine.
#[test]
fn diagnostics_follow_a_keystroke() {
    let (mut editor, _) = Editor::connect(&json!({"capabilities": {}}));
    let text = long_policy();
    editor.open(&text);
    editor.diagnostics();
    let before = &text[..text.find("kms:Decrypt").unwrap()];
    let line = before.matches('\n').count();
    let column = before.len() - before.rfind('\n').unwrap() - 1 + "kms:Decrypt".len();
    let mut times: Vec<Duration> = Vec::new();
    for stroke in 0..200 {
        let (from, to, typed) = match stroke % 2 {
            0 => (column, column, "x"),
            _ => (column, column + 1, ""),
        };
        let range = json!({"start": {"line": line, "character": from},
                           "end": {"line": line, "character": to}});
        let start = Instant::now();
        editor.change(&json!({"range": range, "text": typed}));
        let diagnostics = editor.diagnostics();
        times.push(start.elapsed());
        let unknown = diagnostics.iter().any(|found| found["code"] == "INVALID_ACTION");
        assert_eq!(unknown, stroke % 2 == 0, "{diagnostics:?}");
    }
    times.sort();
    println!(
        "{} bytes, {} edits: p50 {:.2} ms, p99 {:.2} ms, most {:.2} ms",
        text.len(),
        times.len(),
        times[times.len() / 2].as_secs_f64() * 1000.0,
        times[times.len() * 99 / 100].as_secs_f64() * 1000.0,
        times[times.len() - 1].as_secs_f64() * 1000.0,
    );
    assert!(editor.shut_down().0.success());
}
