//! `validate --batch`: AWS's shape, a line an answer.

use serde_json::json;

use crate::support::run_with;

#[test]
fn answers_have_the_shape_of_aws() {
    let text = "{\n \"Version\": \"2012-10-17\",\n \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"s3:GetObjekt\"], \"Resource\": \"*\"}]\n}";
    let jobs = [
        json!({"id": "a", "policyDocument": text, "policyType": "IDENTITY_POLICY"}),
        json!({"id": 2, "policyDocument": "{", "policyType": "scp", "resourceType": null}),
    ];
    let input = jobs.map(|job| format!("{job}\n")).concat();
    let done = run_with(&["validate", "--batch", "-"], input.as_bytes());
    assert_eq!(done.code, 0, "{done:?}");
    let answers = done.lines();
    assert_eq!((&answers[0]["id"], &answers[1]["id"]), (&json!("a"), &json!(2)));
    assert!(answers[0]["micros"].is_u64());
    let finding = &answers[0]["findings"][0];
    let members: Vec<&String> = finding.as_object().unwrap().keys().collect();
    let expected = ["findingDetails", "findingType", "issueCode", "learnMoreLink", "locations"];
    assert_eq!(members, expected);
    assert_eq!(
        (&finding["findingType"], &finding["issueCode"]),
        (&json!("ERROR"), &json!("INVALID_ACTION"))
    );
    let start = text.find("\"s3:").unwrap();
    let span = json!({
        "start": { "line": 3, "column": 46, "offset": start },
        "end": { "line": 3, "column": 60, "offset": start + 14 },
    });
    let path =
        json!([{ "value": "Statement" }, { "index": 0 }, { "value": "Action" }, { "index": 0 }]);
    assert_eq!(finding["locations"], json!([{ "path": path, "span": span }]));
    assert_eq!(answers[1]["findings"][0]["issueCode"], "JSON_SYNTAX_ERROR");
}

#[test]
fn a_bad_line_is_an_answer_with_an_error() {
    let lines = [
        "x",
        r#"{"id": 1, "policyType": "identity"}"#,
        r#"{"id": 2, "policyDocument": "{}"}"#,
        r#"{"id": 3, "policyDocument": 5, "policyType": "identity"}"#,
        r#"{"id": 4, "policyDocument": "{}", "policyType": "bucket"}"#,
        r#"{"id": 5, "policyDocument": "{}", "policyType": "resource", "resourceType": "AWS::X"}"#,
        r#"{"id": 6, "policyDocument": {"Statement": []}, "policyType": "resource"}"#,
    ];
    let done = run_with(&["validate", "--batch", "-"], lines.join("\n").as_bytes());
    assert_eq!(done.code, 1);
    let answers = done.lines();
    assert_eq!(answers.len(), lines.len());
    for (number, answer) in answers.iter().enumerate().take(6) {
        assert_eq!(answer["error"]["line"], number + 1, "{answer}");
    }
    assert!(answers[6]["findings"].is_array());
}
