//! Policies that are none, each on one line, and what is said of them.

/// A policy that lets everyone in.
pub(crate) const OPEN: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}]}"#;

/// Something that should be a policy.
pub(crate) struct Hostile {
    pub(crate) name: &'static str,
    pub(crate) text: Vec<u8>,
    /// The column of the problem, from 0, in characters; none where it depends on what is around.
    pub(crate) column: Option<usize>,
    /// Part of what is said.
    pub(crate) says: &'static str,
}

/// The open policy with `from` replaced; the problem stands where `at` is found then.
fn changed(name: &'static str, from: &str, to: &str, at: &str, says: &'static str) -> Hostile {
    assert!(OPEN.contains(from), "{from}");
    let text = OPEN.replacen(from, to, 1);
    let column = text.rfind(at);
    assert!(column.is_some(), "{at}");
    Hostile { name, text: text.into_bytes(), column, says }
}

/// All of them, but for bytes that are not UTF-8.
pub(crate) fn hostile() -> Vec<Hostile> {
    let deep = format!("{{\"Statement\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let nested = "nested deeper than 128 levels";
    vec![
        Hostile { name: "deep", text: deep.into_bytes(), column: None, says: nested },
        Hostile {
            name: "open",
            text: "[".repeat(100_000).into_bytes(),
            column: None,
            says: nested,
        },
        changed("surrogate", "sqs:Send", "sqs:\\ud800Send", "\\ud800", "half of a surrogate pair"),
        changed(
            "duplicate",
            "\"Effect\":\"Allow\"",
            "\"Effect\":\"Allow\",\"Effect\":\"Deny\"",
            "\"Effect\"",
            "the member `Effect` stands twice",
        ),
        changed(
            "number",
            "\"2012-10-17\"",
            "2012",
            "2012",
            "`Version` takes a string, not a number",
        ),
        changed("boolean", "\"Allow\"", "true", "true", "`Effect` takes a string, not a boolean"),
        changed(
            "null",
            "\"Resource\":\"*\"",
            "\"Resource\":[null]",
            "null",
            "`Resource` takes a string or a list of strings, not null",
        ),
        changed(
            "operator",
            "\"Resource\":\"*\"",
            "\"Resource\":\"*\",\"Condition\":{\"StringIsLike\":{\"aws:x\":\"y\"}}",
            "\"StringIsLike\"",
            "`StringIsLike` is no condition operator",
        ),
        changed(
            "element",
            "\"Version\"",
            "\"Versions\"",
            "\"Versions\"",
            "`Versions` is not an element",
        ),
    ]
}

/// The open policy with a byte that no UTF-8 text has, and the column of it.
pub(crate) fn not_utf8() -> (Vec<u8>, usize) {
    let column = OPEN.find("SendMessage").unwrap();
    let mut bytes = OPEN.as_bytes().to_vec();
    bytes.insert(column, 0xff);
    (bytes, column)
}

/// The open policy as a JSON string.
pub(crate) fn as_string() -> String {
    serde_json::Value::from(OPEN).to_string()
}
