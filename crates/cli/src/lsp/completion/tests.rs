use gen_lsp_types::{CompletionItemTextEdit, LanguageKind, TextDocumentItem};
use serde_json::json;

use super::*;

fn client(snippets: bool) -> Client {
    Client::read(&json!({"capabilities": {"textDocument":
        {"completion": {"completionItem": {"snippetSupport": snippets}}}}}))
}

/// The items at the cursor `|`, and the text in which each would be inserted.
fn completed(text: &str, snippets: bool) -> (Vec<CompletionItem>, OpenDocument) {
    let offset = text.find('|').unwrap();
    let client = client(snippets);
    let item = TextDocumentItem {
        uri: "untitled:1".into(),
        language_id: LanguageKind::JSON,
        version: 1,
        text: text.replacen('|', "", 1),
    };
    let document = OpenDocument::new(item, client.encoding);
    let position = document.range(&(offset..offset)).start;
    (complete(&document, position, &client).items, document)
}

fn labels(text: &str) -> Vec<String> {
    completed(text, false).0.into_iter().map(|item| item.label).collect()
}

/// The text after the item with this label was chosen.
fn chosen(text: &str, label: &str, snippets: bool) -> String {
    let (items, document) = completed(text, snippets);
    let item = items.into_iter().find(|item| item.label == label).expect(label);
    let Some(CompletionItemTextEdit::TextEdit(edit)) = item.text_edit else { panic!("{item:?}") };
    let mut text = document.text().to_owned();
    text.replace_range(document.bytes(edit.range), &edit.new_text);
    text
}

#[test]
fn offers_services_then_their_actions() {
    let services = labels(r#"{"Statement": {"Action": "|"}}"#);
    assert!(services.len() > 400 && services.contains(&"s3:".to_owned()));
    let actions = labels(r#"{"Statement": [{"NotAction": ["sqs:Se|"#);
    assert!(
        actions.contains(&"sqs:SendMessage".to_owned()) && actions.contains(&"sqs:*".to_owned())
    );
    assert!(actions.iter().all(|name| name.starts_with("sqs:")), "{actions:?}");
    assert_eq!(labels(r#"{"Statement": {"Action": "no-such:|"}}"#), Vec::<String>::new());
}

#[test]
fn offers_formats_of_the_statements_actions() {
    let text =
        r#"{"Statement": [{"Action": ["s3:GetObject", "s3:ListAllMyBuckets"], "Resource": "|"}]}"#;
    let (items, _) = completed(text, false);
    let object = "arn:aws:s3:::${BucketName}/${ObjectName}";
    let found = items.iter().find(|item| item.label == object).unwrap();
    assert_eq!(found.detail.as_deref(), Some("for GetObject"));
    let star = items.last().unwrap();
    assert_eq!(star.detail.as_deref(), Some("every resource; needed by ListAllMyBuckets"));
    assert!(!items.iter().any(|item| item.label == "arn:aws:s3:::${BucketName}"));
    assert!(chosen(text, object, false).contains(r#""arn:aws:s3:::*/*""#));
    assert!(
        chosen(text, object, true).contains(r#""arn:aws:s3:::${1:BucketName}/${2:ObjectName}""#)
    );
}

#[test]
fn open_actions_leave_the_arn_to_decide() {
    let typed = r#"{"Statement": {"NotAction": "s3:*", "Resource": ["arn:aws-cn:sqs:|"]}}"#;
    assert_eq!(labels(typed), ["arn:aws-cn:sqs:${Region}:${Account}:${QueueName}", "*"]);
    assert_eq!(labels(r#"{"Statement": {"Action": "*", "Resource": "|"}}"#), ["*"]);
}

#[test]
fn offers_keys_of_the_statements_actions() {
    let statement = |rest: &str| {
        format!(r#"{{"Statement": {{"Action": "s3:GetObject", "Condition": {{{rest}}}}}}}"#)
    };
    let text = statement(r#""StringEquals": {"|": "x"}"#);
    let names = labels(&text);
    for name in ["s3:ExistingObjectTag/${key}", "aws:PrincipalOrgID", "aws:ResourceTag/${TagKey}"] {
        assert!(names.contains(&name.to_owned()), "{name} in {names:?}");
    }
    assert!(!names.iter().any(|name| name.starts_with("sqs:") || name == "s3:prefix"));
    let rank = |name: &str| {
        let (items, _) = completed(&text, false);
        items.iter().find(|item| item.label == name).unwrap().sort_text.clone().unwrap()
    };
    assert!(rank("s3:ExistingObjectTag/${key}") < rank("aws:PrincipalOrgID"));
    assert!(rank("aws:PrincipalOrgID") < rank("aws:TagKeys"));
    assert!(rank("aws:TagKeys") < rank("aws:SourceIp"));
    assert!(labels(&statement("|")).contains(&"ForAllValues:StringLikeIfExists".to_owned()));
    assert!(!labels(&statement("|")).contains(&"NullIfExists".to_owned()));
    assert_eq!(labels(&statement(r#""Bool": {"aws:SecureTransport": |}"#)), ["true", "false"]);
    assert_eq!(labels(&statement(r#""StringLike": {"aws:username": "|"}"#)), Vec::<String>::new());
}

#[test]
fn offers_what_is_missing() {
    let names = labels(r#"{"Statement": [{"Effect": "Allow", |}, {"Action": "x"}]}"#);
    assert!(!names.contains(&"Effect".to_owned()) && names.contains(&"Action".to_owned()));
    assert_eq!(labels(r#"{"Version": "x", "I|": 1}"#), ["Id", "Statement"]);
    assert_eq!(labels(r#"{"Statement": {"Effect": |}}"#), ["Allow", "Deny"]);
    assert_eq!(labels(r#"{"Version": "20|"#), ["2012-10-17", "2008-10-17"]);
    for nothing in [r#"{"Statement": {"Sid": "|"}}"#, r#"{"x": {"|"}}"#, r#"{"Version": "x"|}"#] {
        assert_eq!(labels(nothing), Vec::<String>::new(), "{nothing}");
    }
}

#[test]
fn replaces_the_name_and_nothing_else() {
    for (text, label, expected) in [
        (r#"{"Statement": {"Effect": |}}"#, "Deny", r#"{"Statement": {"Effect": "Deny"}}"#),
        (r#"{"Statement": {"Effect": "A|x"}}"#, "Deny", r#"{"Statement": {"Effect": "Deny"}}"#),
        (r#"{"Statement": {"Effect": "A|"#, "Deny", r#"{"Statement": {"Effect": "Deny""#),
        (
            r#"{"Statement": {"Effect": A|, "x": 1}}"#,
            "Deny",
            r#"{"Statement": {"Effect": "Deny", "x": 1}}"#,
        ),
        (
            "{\"Statement\": {\"Effect\": \"A|, x\n}}",
            "Deny",
            "{\"Statement\": {\"Effect\": \"Deny\", x\n}}",
        ),
        (r#"{"Statement": {Eff|}}"#, "Effect", r#"{"Statement": {"Effect": }}"#),
        (r#"{"Statement": {"Eff|": "Deny"}}"#, "Effect", r#"{"Statement": {"Effect": "Deny"}}"#),
        (r#"{"Statement": {Eff|: "Deny"}}"#, "Effect", r#"{"Statement": {"Effect": "Deny"}}"#),
    ] {
        assert_eq!(chosen(text, label, false), expected, "{text}");
    }
}

#[test]
fn snippets_escape_what_editors_obey() {
    assert_eq!(snippet("a$b/${Key}/}c\\"), "a\\$b/${1:Key}/\\}c\\\\");
    assert_eq!(snippet("${A}${B"), "${1:A}${2:B}");
    assert_eq!(filled("x${A}y${B}"), "x*y*");
}

#[test]
fn items_tell_more_when_asked() {
    let (items, _) = completed(r#"{"Statement": {"Action": "sqs:|"}}"#, false);
    let item = items.into_iter().find(|item| item.label == "sqs:SendMessage").unwrap();
    let resolved = serde_json::to_value(resolve(item, &client(false))).unwrap();
    let text = resolved["documentation"]["value"].as_str().unwrap();
    assert!(text.starts_with("**sqs:SendMessage** · "), "{text}");
    let strange = CompletionItem { data: Some(json!({"topic": 1})), ..CompletionItem::default() };
    assert_eq!(resolve(strange.clone(), &client(false)), strange);
}
