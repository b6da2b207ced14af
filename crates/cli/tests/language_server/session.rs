//! Beginning, end, and what comes when it should not.

use serde_json::{Value, json};

use crate::editor::{DOCUMENT, Editor};

const WRONG_VERSION: &str = "{\"Id\": \"é𝄞\", \"Version\": \"2012-10-18\", \"Statement\": []}";

fn with_encodings(encodings: &Value) -> Value {
    json!({"capabilities": {"general": {"positionEncodings": encodings}}})
}

#[test]
fn columns_are_counted_as_agreed() {
    for (encodings, agreed, column) in [
        (json!(null), "utf-16", 25),
        (json!(["utf-32", "utf-16"]), "utf-16", 25),
        (json!(["utf-16", "utf-8"]), "utf-8", 28),
    ] {
        let (mut editor, capabilities) = Editor::connect(&with_encodings(&encodings));
        assert_eq!(capabilities["positionEncoding"], agreed);
        editor.open(WRONG_VERSION);
        let diagnostics = editor.diagnostics();
        let version = diagnostics.iter().find(|found| found["code"] == "INVALID_VERSION").unwrap();
        assert_eq!(
            version["range"],
            json!({"start": {"line": 0, "character": column},
                   "end": {"line": 0, "character": column + 12}})
        );
        editor.change(&json!({
            "range": {"start": {"line": 0, "character": column + 10},
                      "end": {"line": 0, "character": column + 11}},
            "text": "7",
        }));
        assert!(!editor.codes().contains(&"INVALID_VERSION".to_owned()));
        assert!(editor.shut_down().0.success());
    }
}

#[test]
fn ends_as_the_protocol_asks() {
    let (editor, _) = Editor::connect(&json!({"capabilities": {}}));
    let (status, said) = editor.shut_down();
    assert_eq!((status.code(), said.as_str()), (Some(0), ""));

    let (mut editor, _) = Editor::connect(&json!({"capabilities": {}}));
    editor.notify("exit", &Value::Null);
    assert_eq!(editor.leave().0.code(), Some(1), "exit without shutdown");

    let (mut editor, _) = Editor::connect(&json!({"capabilities": {}}));
    editor.result("shutdown", &Value::Null);
    assert_eq!(editor.error("textDocument/hover", &json!({})), -32600);
    editor.notify("exit", &Value::Null);
    assert_eq!(editor.leave().0.code(), Some(0));
}

#[test]
fn says_why_it_ends_otherwise() {
    let (status, said) = Editor::start().leave();
    assert_eq!(status.code(), Some(1));
    assert!(said.starts_with("error: "), "{said}");

    let (editor, _) = Editor::connect(&json!({"capabilities": {}}));
    let (status, said) = editor.leave();
    assert_eq!(status.code(), Some(1));
    assert!(said.contains("ended before the editor asked to shut down"), "{said}");

    let (mut editor, _) = Editor::connect(&json!({"capabilities": {}}));
    editor.write(b"Content-Length: 3\r\n\r\n{]}");
    let (status, said) = editor.leave();
    assert_eq!(status.code(), Some(1));
    assert!(said.contains("no message of the protocol"), "{said}");
}

#[test]
fn every_request_is_answered() {
    let mut editor = Editor::start();
    assert_eq!(editor.error("textDocument/hover", &json!({})), -32002, "before the greeting");
    editor.result("initialize", &json!({"capabilities": {"general": 7}, "rootUri": null}));
    assert_eq!(editor.error("initialize", &json!({})), -32600);
    assert_eq!(editor.error("textDocument/rename", &json!({})), -32601);
    assert_eq!(editor.error("textDocument/hover", &json!({"position": "here"})), -32602);
    let closed =
        json!({"textDocument": {"uri": DOCUMENT}, "position": {"line": 0, "character": 0}});
    assert_eq!(editor.error("textDocument/completion", &closed), -32602);
    for (method, parameters) in [
        ("$/setTrace", json!({"value": "verbose"})),
        ("textDocument/didChange", json!({"textDocument": {"uri": DOCUMENT, "version": 9}})),
        ("textDocument/didClose", closed.clone()),
        ("workspace/didChangeConfiguration", json!({"settings": 3})),
    ] {
        editor.notify(method, &parameters);
    }
    editor.open("{\"Statement\": {}}");
    assert!(!editor.codes().is_empty());
    let far = u32::MAX;
    let beyond =
        json!({"textDocument": {"uri": DOCUMENT}, "position": {"line": far, "character": far}});
    editor.result("textDocument/completion", &beyond);
    assert!(editor.shut_down().0.success());
}

#[test]
fn settings_say_what_a_document_is() {
    let (mut editor, _) = Editor::connect(&json!({
        "capabilities": {}, "workspaceFolders": [{"uri": "file:///checkout", "name": "checkout"}],
        "initializationOptions": {"policyTypes": [
            {"files": "*.json", "policyType": "none"}, {"files": "*.json"},
        ]},
    }));
    let shown = editor.told("window/showMessage")["message"].clone();
    assert_eq!(shown, "ringfence: `policyTypes[1]`: `policyType` is missing");
    let policy = r#"{"Version": "2012-10-17", "Statement":
        {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}}"#;
    editor.open(policy);
    assert_eq!(editor.codes(), Vec::<String>::new());
    for (policy_type, code) in [
        ("resource", None),
        ("scp", Some("SCP_SYNTAX_ERROR_PRINCIPAL")),
        ("SERVICE_CONTROL_POLICY", Some("SCP_SYNTAX_ERROR_PRINCIPAL")),
    ] {
        let set = json!([{"files": "policy.json", "policyType": policy_type}]);
        let settings = json!({"ringfence": {"policyTypes": set}});
        editor.notify("workspace/didChangeConfiguration", &json!({"settings": settings}));
        let codes = editor.codes();
        assert_eq!(codes.iter().find(|code| code.starts_with("SCP_")).map(String::as_str), code);
    }
    assert!(editor.shut_down().0.success());
}

/// The settings in a JSON document, wherever they stand in it.
fn settings(value: &Value) -> Option<&Value> {
    match value.get("policyTypes") {
        Some(_) => Some(value),
        None => value.as_object()?.values().find_map(settings),
    }
}

#[test]
fn documented_settings_make_sense() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/editors.md");
    let page = std::fs::read_to_string(path).unwrap();
    let blocks: Vec<&str> =
        page.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(blocks.len(), 2, "VS Code's and Zed's");
    for block in blocks {
        let block: Value = serde_json::from_str(block).unwrap();
        let options = settings(&block).unwrap();
        let (mut editor, _) = Editor::connect(&json!({
            "capabilities": {}, "rootUri": "file:///checkout", "initializationOptions": options,
        }));
        let policy = r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*"}}"#;
        editor.open_as("file:///checkout/scps/a/b.json", policy);
        assert!(editor.codes().contains(&"SCP_SYNTAX_ERROR_PRINCIPAL".to_owned()));
        assert!(!editor.was_told("window/showMessage"));
        assert!(editor.shut_down().0.success());
    }
}

#[test]
fn closed_documents_have_no_diagnostics() {
    let (mut editor, _) = Editor::connect(&json!({"capabilities": {}}));
    editor.open_as("untitled:1", WRONG_VERSION);
    assert!(editor.codes().contains(&"INVALID_VERSION".to_owned()));
    editor.notify("textDocument/didClose", &json!({"textDocument": {"uri": "untitled:1"}}));
    let told = editor.told("textDocument/publishDiagnostics");
    assert_eq!(told, json!({"uri": "untitled:1", "diagnostics": []}));
    editor.open_as("untitled:2", "{\"name\": \"a package\", \"version\": \"1\"}");
    assert_eq!(editor.codes(), Vec::<String>::new());
    assert!(editor.shut_down().0.success());
}
