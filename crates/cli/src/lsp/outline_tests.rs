use super::*;

/// Where the cursor `|` stands, as names and role.
fn cursor(text: &str) -> Option<(String, Role, String)> {
    let offset = text.find('|').unwrap();
    let text = text.replacen('|', "", 1);
    let (outline, number) = Outline::with_cursor(&text, offset);
    let number = number?;
    let entry = outline.entry(number).unwrap();
    let path = outline.path(number).unwrap().join("/");
    Some((path, entry.role, outline.text_of(entry).to_owned()))
}

fn found(path: &str, role: Role, text: &str) -> Option<(String, Role, String)> {
    Some((path.to_owned(), role, text.to_owned()))
}

#[test]
fn finds_the_cursor_in_sound_text() {
    use Role::{Name, Value};
    assert_eq!(cursor(r#"{"S": [{"A": ["x", "|y"]}]}"#), found("S/A", Value, "y"));
    assert_eq!(cursor(r#"{"S": [{"A|": 1}]}"#), found("S", Name, "A"));
    assert_eq!(cursor(r#"{"S": [{|}]}"#), found("S", Name, ""));
    assert_eq!(cursor(r#"{"S": [|{}]}"#), found("S", Value, ""));
    assert_eq!(cursor("|"), found("", Value, ""));
    assert_eq!(cursor(r#"{"S": "x"|}"#), None);
}

#[test]
fn finds_the_cursor_in_text_that_is_being_typed() {
    use Role::{Name, Value};
    for (text, expected) in [
        (r#"{"S": {"E|"#, found("S", Name, "E")),
        (r#"{"S": {"E": |"#, found("S/E", Value, "")),
        (r#"{"S": {"E": "A|"#, found("S/E", Value, "A")),
        ("{\"S\": {\"E\": |\n \"R\": \"*\"}}", found("S/E", Value, "")),
        ("{\"S\": {\"E\": \"A|\n \"R\": \"*\"}}", found("S/E", Value, "A")),
        ("{\"S\": {\"E\": \"A\"\n | \"R\": \"*\"}}", found("S", Name, "")),
        (r#"{"S": {"A": ["x", |"#, found("S/A", Value, "")),
        (r#"{"S": {"A": ["x"}, {"B|"#, found("", Name, "B")),
        (r#"{"S": {"A": ["x", "B": |"#, found("S/A", Value, "")),
        (r#"{"S": {Ef|}}"#, found("S", Name, "Ef")),
        (r#"]}}{"S": {"E": |"#, found("S/E", Value, "")),
    ] {
        assert_eq!(cursor(text), expected, "{text}");
    }
}

#[test]
fn lists_members_behind_errors() {
    let text = "{\"S\": [{\"E\": \"A\" \"A\": [\"x\", \"y\n], \"R\": }, {\"A\": \"z\"}]}";
    let outline = Outline::new(text);
    let (inner, _) = outline.entries().find(|(_, entry)| outline.text_of(entry) == "x").unwrap();
    let statement = outline.object_around(inner, &["S"]).unwrap();
    let (name, _) = outline.entries().find(|(_, entry)| outline.text_of(entry) == "E").unwrap();
    assert_eq!(outline.siblings(name), ["A", "R"]);
    let actions = outline.member_values(statement, "A").filter(|e| e.kind != EntryKind::Array);
    assert_eq!(actions.map(|e| outline.text_of(e)).collect::<Vec<_>>(), ["x", "y"]);
}

#[test]
fn hostile_nesting_costs_nothing() {
    let text = "[{\"a\":".repeat(100_000);
    let (outline, cursor) = Outline::with_cursor(&text, text.len());
    assert_eq!(outline.path(cursor.unwrap()), None);
    assert_eq!(outline.object_around(cursor.unwrap(), &["Statement"]), None);
}
