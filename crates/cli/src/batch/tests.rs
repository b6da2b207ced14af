use std::io::Cursor;

use serde_json::{Value, json};

use super::*;

fn run(input: &[u8]) -> (BatchSummary, Vec<Value>) {
    let mut out = Vec::new();
    let double = |job: &json::Value<'_>, _: &str| match job.get("number").map(|n| (&n.kind, n.span))
    {
        Some((Kind::Number(text), _)) => Ok(json!({ "double": text.parse::<u64>().unwrap() * 2 })),
        Some((_, span)) => Err(JobError::new(span, "`number` takes a number")),
        None => Err(JobError::new(job.span, "the job has no `number`")),
    };
    let summary = run_batch(Cursor::new(input), &mut out, NonZeroUsize::new(2), double).unwrap();
    let lines = out.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    (summary, lines.map(|line| serde_json::from_slice(line).unwrap()).collect())
}

#[test]
fn answers_keep_the_order_of_the_jobs_over_many_chunks() {
    let mut input = String::new();
    for number in 0..30_000u64 {
        let padding = "x".repeat((number % 97) as usize);
        input.push_str(&format!(
            "{{\"id\":\"job-{number}\",\"number\":{number},\"p\":\"{padding}\"}}\n"
        ));
    }
    assert!(input.len() > 2 << 20, "more than two reads");
    let (summary, answers) = run(input.as_bytes());
    assert_eq!(summary, BatchSummary { answered: 30_000, bad: 0 });
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(answer["id"], format!("job-{number}"));
        assert_eq!(answer["double"], 2 * number);
        assert!(answer["micros"].is_u64());
    }
}

#[test]
fn a_bad_line_gets_an_error_with_its_place_and_the_rest_goes_on() {
    let input = b"{\"id\":1,\"number\":4}\r\n\
        \n\
        {\"id\":2,\"number\":\"\xc3\xa9\"}\n\
        {\"id\":3,\"number\":}\n\
        {\"id\":4, \xff}\n\
        {\"id\":[5],\"number\":1}\n\
        nonsense\n\
        {\"number\":5}";
    let (summary, answers) = run(input);
    assert_eq!(summary, BatchSummary { answered: 2, bad: 5 });
    assert_eq!(answers[0]["double"], 8);
    let error = |message: &str, line: u32, column: u32| json!({ "message": message, "line": line, "column": column });
    assert_eq!(answers[1], json!({"id": 2, "error": error("`number` takes a number", 3, 17)}));
    assert_eq!(answers[2]["id"], 3);
    assert_eq!(answers[2]["error"]["line"], 4);
    assert_eq!(
        answers[3],
        json!({"id": null, "error": error("the line is not UTF-8 from here on", 5, 9)})
    );
    assert_eq!(answers[4]["error"]["line"], 6);
    assert_eq!(answers[5]["error"]["line"], 7);
    assert_eq!((&answers[6]["id"], &answers[6]["double"]), (&Value::Null, &json!(10)));
}

#[test]
fn a_line_beyond_the_limit_is_passed_over() {
    let mut input = vec![b'x'; lines::MAX_LINE + 5];
    input.extend_from_slice(b"\n{\"id\":\"b\",\"number\":1}\n");
    let (summary, answers) = run(&input);
    assert_eq!(summary, BatchSummary { answered: 1, bad: 1 });
    assert_eq!(answers[0]["error"]["line"], 1);
    assert_eq!(answers[1]["double"], 2);
}
