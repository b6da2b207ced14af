//! `ringfence.toml` in the editor's folder: what counts for `validate` counts in the editor, also when it changes.

use std::fs;

use serde_json::{Value, json};

use crate::editor::Editor;

const POLICY: &str = r#"{"Statement": [
    {"Sid": "Deploy", "Effect": "Allow", "Action": ["s3:Get*", "s3:GetObject"], "Resource": "*"},
    {"Sid": "PassAnyRole", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}]}"#;

const SUPPRESSION: &str = "[[suppression]]\ncheck = \"PASS_ROLE_WITH_STAR_IN_RESOURCE\"\npath = \"policies/**\"\n\
    sid = \"PassAnyRole\"\nreason = \"r\"\nowner = \"o\"\n";

/// The code and the severity of each diagnostic.
fn shown(editor: &mut Editor) -> Vec<(String, i64)> {
    let shown =
        |own: &Value| (own["code"].as_str().unwrap().to_owned(), own["severity"].as_i64().unwrap());
    editor.diagnostics().iter().map(shown).collect()
}

#[test]
fn what_counts_for_validate_counts_here() {
    let folder = std::env::temp_dir().join(format!("ringfence lsp {}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let config = folder.join("ringfence.toml");
    let address = format!("file://{}", folder.to_str().unwrap().replace(' ', "%20"));
    let document = format!("{address}/policies/a.json");
    let (mut editor, _) = Editor::connect(&json!({
        "capabilities": {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}},
        "workspaceFolders": [{"uri": address, "name": "checkout"}],
    }));
    let watched = editor.told("client/registerCapability");
    let watchers = &watched["registrations"][0]["registerOptions"]["watchers"];
    assert_eq!(watchers[0]["globPattern"], "**/ringfence.toml");

    editor.open_as(&document, POLICY);
    let (version, action, role) =
        ("MISSING_VERSION", "REDUNDANT_ACTION", "PASS_ROLE_WITH_STAR_IN_RESOURCE");
    let told = |list: &[(&str, i64)]| -> Vec<(String, i64)> {
        list.iter().map(|(code, severity)| ((*code).to_owned(), *severity)).collect()
    };
    assert_eq!(shown(&mut editor), told(&[(version, 2), (action, 3), (role, 2)]));
    let off = "[checks]\nREDUNDANT_ACTION = \"off\"\n[[path]]\npath = \"policies/*.json\"\n\
        checks = { MISSING_VERSION = \"error\" }\n";
    for (text, expected) in [
        (off.to_owned(), told(&[(version, 1), (role, 2)])),
        (format!("{SUPPRESSION}expires = 2100-01-01\n"), told(&[(version, 2), (action, 3)])),
        // One that is past its date silences nothing.
        (
            format!("{SUPPRESSION}expires = 2020-01-01\n"),
            told(&[(version, 2), (action, 3), (role, 2)]),
        ),
        ("exclude = [\"policies\"]\n".to_owned(), Vec::new()),
    ] {
        fs::write(&config, &text).unwrap();
        editor.notify("workspace/didChangeWatchedFiles", &json!({"changes": []}));
        assert_eq!(shown(&mut editor), expected, "{text}");
    }
    fs::write(&config, "[[path]]\npath = \"policies/**\"\npolicy_type = \"scp\"\n").unwrap();
    editor.open_as(&document, &POLICY.replace("\"Effect\"", "\"Principal\": \"*\", \"Effect\""));
    assert!(editor.codes().contains(&"SCP_SYNTAX_ERROR_PRINCIPAL".to_owned()));

    fs::write(&config, "[checks]\nNO_SUCH_CHECK = \"off\"\n").unwrap();
    editor.open_as(&document, POLICY);
    assert_eq!(shown(&mut editor).len(), 3, "as if there were no configuration");
    let message = editor.told("window/showMessage")["message"].to_string();
    assert!(
        message.contains("ringfence.toml:2:") && message.contains("NO_SUCH_CHECK"),
        "{message}"
    );
    fs::remove_file(&config).unwrap();
    editor.open_as(&document, "{\"Statement\": []}");
    _ = editor.codes();
    assert!(!editor.was_told("window/showMessage"));
    assert!(editor.shut_down().0.success());
    fs::remove_dir_all(&folder).unwrap();
}
