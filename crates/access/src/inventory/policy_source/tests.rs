use super::*;

fn file() -> Arc<str> {
    Arc::from("a.json")
}

/// The place of `needle` in `text`, counted the slow way.
fn place_of(text: &str, needle: &str) -> Position {
    let before = &text[..text.find(needle).unwrap()];
    Position {
        line: before.matches('\n').count() + 1,
        column: before.rsplit('\n').next().unwrap().chars().count(),
        offset: before.chars().count(),
    }
}

/// The policy in `text` between `from` and the end of `to`.
fn source(text: &str, from: &str, to: &str) -> PolicySource {
    let start = text.find(from).unwrap();
    let end = text.rfind(to).unwrap() + to.len();
    PolicySource::new(&file(), &text[start..end], place_of(text, from))
}

fn second_statement(policy: &PolicySource) -> (String, Position) {
    let document = policy.parse().unwrap();
    let statement = &document.statements[1];
    (statement.sid().unwrap().to_owned(), policy.position(statement.span.start))
}

#[test]
fn places_in_a_plain_object() {
    let text = "{ \"é\": 1,\n  \"policy\": {\"Statement\": [\n    {\"Sid\": \"ä\", \"Effect\": \"Allow\", \"Action\": \"s3:*\"}, {\"Sid\": \"b\",\n \"Effect\": \"Deny\", \"Action\": \"*\"}]} }";
    let policy = source(text, "{\"Statement\"", "]}");
    assert_eq!(policy.embedding(), Embedding::Document);
    assert_eq!(second_statement(&policy), ("b".to_owned(), place_of(text, "{\"Sid\": \"b\"")));
    assert_eq!(policy.position(0), place_of(text, "{\"Statement\""));
}

#[test]
fn places_in_a_string() {
    let text = r#"{ "policy":
        "{\"Id\":\"\u00e9\\n\",\n\"Statement\": [ {\"Sid\":\"a\",\"Effect\":\"Allow\",\"Action\":\"s3:*\"}, {\"Sid\":\"b\",\"Effect\":\"Deny\",\"Action\":\"*\"}]}" }"#;
    let policy = source(text, r#""{\"Id\""#, "]}\"");
    assert_eq!(policy.embedding(), Embedding::JsonString);
    let place = place_of(text, r#"{\"Sid\":\"b\""#);
    assert_eq!(place.line, 2);
    assert_eq!(second_statement(&policy), ("b".to_owned(), place));
}

#[test]
fn places_in_a_percent_encoded_string() {
    let text = "[\n \"%7B%22Id%22%3A%22%C3%A9%22%2C%0A%22Statement%22%3A%5B%7B%22Sid%22%3A%22a%22%2C%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3:%2A%22%7D%2C%20%7B%22Sid%22%3A%22b%22%2C%22Effect%22%3A%22Deny%22%2C%22Action%22%3A%22%2A%22%7D%5D%7D\"]";
    let policy = source(text, "\"%7B", "%7D\"");
    assert_eq!(policy.embedding(), Embedding::UrlEncoded);
    let place = place_of(text, "%7B%22Sid%22%3A%22b");
    assert_eq!(place.line, 2);
    assert_eq!(second_statement(&policy), ("b".to_owned(), place));
    assert_eq!(policy.parse().unwrap().id.unwrap().value, "é");
}

#[test]
fn a_policy_that_is_percent_encoded_bytes_of_another_encoding() {
    let policy = PolicySource::new(&file(), "\"%7B%22Id%22%3A%22%E9%22%7D\"", place_of("", ""));
    let problems = policy.parse().unwrap_err();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].message.contains("UTF-8"), "{}", problems[0].message);
    assert_eq!(problems[0].position.column, "\"%7B%22Id%22%3A%22".len());
}

#[test]
fn percent_signs_of_a_plain_policy_stay() {
    let text = r#""{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::b/%22x\"}]}""#;
    let policy = PolicySource::new(&file(), text, place_of("", ""));
    assert_eq!(policy.embedding(), Embedding::JsonString);
    let document = policy.parse().unwrap();
    let resource = document.statements[0].resource.as_ref().unwrap();
    assert_eq!(resource.patterns[0].value.text(), "arn:aws:s3:::b/%22x");
}

#[test]
fn every_problem_has_its_place() {
    let text = "{\"Statement\": [{\"Effect\": \"Allow\",\n \"Action\": 5},\n {\"Effect\": \"Perhaps\", \"Action\": \"*\"}]}";
    let problems = PolicySource::whole_file(&file(), text).parse().unwrap_err();
    let places: Vec<_> = problems.iter().map(|problem| problem.position).collect();
    assert_eq!(places, [place_of(text, "5}"), place_of(text, "\"Perhaps\"")]);
}

#[test]
fn a_policy_of_absurd_length_is_a_problem() {
    let text = format!("{{\"Id\": \"{}\", \"Statement\": []}}", "x".repeat(MAX_POLICY_BYTES));
    let problems = PolicySource::whole_file(&file(), &text).parse().unwrap_err();
    assert!(problems[0].message.contains("are not read"), "{}", problems[0].message);
}

#[test]
fn nesting_of_a_hundred_thousand_levels_is_a_problem() {
    let text = format!("{{\"Statement\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let problems = PolicySource::whole_file(&file(), &text).parse().unwrap_err();
    assert!(problems.iter().any(|problem| problem.message.contains("nested")), "{problems:?}");
}
