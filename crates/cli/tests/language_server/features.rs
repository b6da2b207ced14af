//! Diagnostics, hover, completion and quick fixes on one policy.

use serde_json::{Value, json};

use crate::editor::{DOCUMENT, Editor};

const POLICY: &str = r#"{
  "Version": "2012-10-18",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:GetObjekt"],
      "Resource": "arn:aws:s3:::data/${aws:username}/*",
      "Condition": { "ForAnyValue:StringLike": { "aws:TagKeys": "a*" } }
    }
  ]
}
"#;

/// Line and column of the first letter of `text`.
fn place(text: &str) -> (usize, usize) {
    let at = POLICY.find(text).unwrap();
    let line = POLICY[..at].matches('\n').count();
    (line, at - POLICY[..at].rfind('\n').map_or(0, |newline| newline + 1))
}

fn editor() -> Editor {
    let (mut editor, _) = Editor::connect(&json!({"capabilities": {"textDocument": {
        "hover": {"contentFormat": ["markdown"]},
        "publishDiagnostics": {"relatedInformation": true},
    }}}));
    editor.open(POLICY);
    editor
}

#[test]
fn diagnostics_say_what_is_wrong_and_where() {
    let mut editor = editor();
    let diagnostics = editor.diagnostics();
    let found = |code: &str| diagnostics.iter().find(|found| found["code"] == code).unwrap();
    let action = found("INVALID_ACTION");
    let (line, column) = place("\"s3:GetObjekt\"");
    assert_eq!(action["range"]["start"], json!({"line": line, "character": column}));
    assert_eq!(action["range"]["end"], json!({"line": line, "character": column + 14}));
    assert_eq!((&action["severity"], &action["source"]), (&json!(1), &json!("ringfence")));
    let link = action["codeDescription"]["href"].as_str().unwrap();
    assert!(link.starts_with("https://docs.aws.amazon.com/") && link.ends_with("invalid-action"));
    assert!(!action["message"].as_str().unwrap().is_empty());
    editor.change(&json!({"text": POLICY.replace("s3:GetObjekt", "s3:getobject")}));
    let diagnostics = editor.diagnostics();
    let redundant = diagnostics.iter().find(|found| found["code"] == "REDUNDANT_ACTION").unwrap();
    assert_eq!((&redundant["severity"], &redundant["tags"]), (&json!(3), &json!([1])));
    assert!(editor.shut_down().0.success());
}

#[test]
fn hover_tells_what_a_name_is() {
    let mut editor = editor();
    for (name, expected) in [
        ("GetObject\"", "Access level: Read"),
        ("s3:GetObject", "Resource types: "),
        ("StringLike", "`*` stands for any number of characters"),
        ("aws:TagKeys", "multi-valued"),
        ("aws:username", "**aws:username** · String, single-valued"),
        ("Effect", "`Allow` or `Deny`"),
    ] {
        let (line, column) = place(name);
        let hover = editor.at("textDocument/hover", line, column);
        assert_eq!(hover["contents"]["kind"], "markdown");
        let text = hover["contents"]["value"].as_str().unwrap();
        assert!(text.contains(expected), "{name}: {text}");
        assert_eq!(hover["range"]["start"]["line"], line);
    }
    assert_eq!(editor.at("textDocument/hover", 0, 0), Value::Null);
    assert!(editor.shut_down().0.success());
}

#[test]
fn completion_offers_what_the_statement_can_have() {
    let mut editor = editor();
    let labels = |list: &Value| -> Vec<String> {
        let items = list["items"].as_array().unwrap().iter();
        items.map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    };
    let (line, column) = place("GetObjekt");
    let list = editor.at("textDocument/completion", line, column);
    let item = list["items"].as_array().unwrap().iter().find(|i| i["label"] == "s3:GetObjectAcl");
    let resolved = editor.result("completionItem/resolve", item.unwrap());
    assert!(resolved["documentation"]["value"].as_str().unwrap().contains("Access level: Read"));
    let edit = &resolved["textEdit"];
    assert_eq!(edit["newText"], "s3:GetObjectAcl");
    assert_eq!(edit["range"]["start"], json!({"line": line, "character": column - 3}));
    assert_eq!(edit["range"]["end"], json!({"line": line, "character": column + 9}));

    let (line, column) = place("arn:aws:s3:::data");
    let formats = labels(&editor.at("textDocument/completion", line, column));
    assert!(
        formats.contains(&"arn:aws:s3:::${BucketName}/${ObjectName}".to_owned()),
        "{formats:?}"
    );
    let (line, column) = place("aws:TagKeys");
    let keys = labels(&editor.at("textDocument/completion", line, column));
    assert!(keys.contains(&"s3:ExistingObjectTag/${key}".to_owned()), "{keys:?}");
    assert!(keys.contains(&"aws:SourceIp".to_owned()));
    assert!(editor.shut_down().0.success());
}

#[test]
fn a_quick_fix_repairs() {
    let mut editor = editor();
    let (line, column) = place("2012-10-18");
    let place = json!({"line": line, "character": column});
    let asked = |only: Value| {
        json!({"textDocument": {"uri": DOCUMENT}, "range": {"start": place, "end": place},
               "context": {"diagnostics": [], "only": only}})
    };
    let none = editor.result("textDocument/codeAction", &asked(json!(["refactor"])));
    assert_eq!(none, json!([]));
    let actions = editor.result("textDocument/codeAction", &asked(json!(["quickfix"])));
    let action = &actions[0];
    assert_eq!(action["title"], "Replace with \"2012-10-17\"");
    assert_eq!(action["diagnostics"][0]["code"], "INVALID_VERSION");
    let edit = &action["edit"]["changes"][DOCUMENT][0];
    assert!(editor.codes().contains(&"INVALID_VERSION".to_owned()));
    editor.change(&json!({"range": edit["range"], "text": edit["newText"]}));
    assert!(!editor.codes().contains(&"INVALID_VERSION".to_owned()));
    assert!(editor.shut_down().0.success());
}
