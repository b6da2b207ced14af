use serde_json::json;

use super::*;

fn deny() -> Value {
    json!({"Sid": "A", "Effect": "Deny", "Principal": {"AWS": ["1", "2"]}})
}

#[test]
fn what_is_added_follows_the_text() {
    let compact = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}"#;
    assert_eq!(
        append(compact, &[deny()]).unwrap(),
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow"},{"Sid":"A","Effect":"Deny","Principal":{"AWS":["1","2"]}}]}"#
    );
    let spaced = r#"{ "Statement": [ { "Effect": "Allow" } ] , "Version": "x" }"#;
    assert_eq!(
        append(spaced, &[deny()]).unwrap(),
        r#"{ "Statement": [ { "Effect": "Allow" }, { "Sid": "A", "Effect": "Deny", "Principal": { "AWS": ["1", "2"] } } ] , "Version": "x" }"#
    );
    let lines = "{\n    \"Statement\": [\n        {\n            \"Effect\": \"Allow\"\n        }\n    ]\n}\n";
    assert_eq!(
        append(lines, &[deny()]).unwrap(),
        "{\n    \"Statement\": [\n        {\n            \"Effect\": \"Allow\"\n        },\n        {\n            \"Sid\": \"A\",\n            \"Effect\": \"Deny\",\n            \"Principal\": {\n                \"AWS\": [\n                    \"1\",\n                    \"2\"\n                ]\n            }\n        }\n    ]\n}\n"
    );
    let single = r#"{"Statement": {"Effect": "Allow"}, "Version": "x"}"#;
    assert_eq!(
        append(single, &[json!({"Sid": "A"})]).unwrap(),
        r#"{"Statement": [{"Effect": "Allow"}, {"Sid": "A"}], "Version": "x"}"#
    );
    let none = r#"{"Statement": [ ]}"#;
    assert_eq!(append(none, &[json!({"Sid": "A"})]).unwrap(), r#"{"Statement": [{"Sid": "A"}]}"#);
    assert_eq!(append("{}", &[deny()]), None);
    assert_eq!(append("{", &[deny()]), None);
}

#[test]
fn what_is_taken_out_takes_its_comma_along() {
    let text =
        "{\"Statement\": [\n  {\"Sid\": \"a\"},\n  {\"Sid\": \"b\"},\n  {\"Sid\": \"c\"}\n]}";
    let left = |out: &[usize]| match without(text, out).unwrap() {
        Left::Text(text) => text,
        Left::Nothing => "nothing".to_owned(),
    };
    assert_eq!(left(&[1]), "{\"Statement\": [\n  {\"Sid\": \"a\"},\n  {\"Sid\": \"c\"}\n]}");
    assert_eq!(left(&[2]), "{\"Statement\": [\n  {\"Sid\": \"a\"},\n  {\"Sid\": \"b\"}\n]}");
    assert_eq!(left(&[0, 2]), "{\"Statement\": [\n  {\"Sid\": \"b\"}\n]}");
    assert_eq!(left(&[0, 1, 2]), "nothing");
}

#[test]
fn taking_out_what_was_added_gives_the_text_back() {
    for text in [
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}"#,
        r#"{ "Statement": [ { "Effect": "Allow" } ] , "Version": "x" }"#,
        "{\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\"\n    }\n  ]\n}",
        "{\r\n\t\"Statement\": [ {\r\n\t\t\"Effect\": \"Allow\" },\r\n\r\n\t{\"Sid\":\"x\"} ]\r\n}",
    ] {
        let count = statements(text).unwrap().len();
        let longer = append(text, &[deny(), deny()]).unwrap();
        assert_eq!(statements(&longer).unwrap().len(), count + 2, "{longer}");
        assert_eq!(
            without(&longer, &[count, count + 1]),
            Some(Left::Text(text.to_owned())),
            "{longer}"
        );
    }
}

#[test]
fn a_principal_goes_alone_where_others_stay() {
    let text = r#"{"Statement":[{"Principal":{"AWS":["a", "b"],"Service":"s"},"Effect":"Allow"}]}"#;
    let left = |out: &[(&str, &str)]| {
        without_principal(text, 0, &|kind, name| out.contains(&(kind, name)))
    };
    let expected = |text: &str| Some(Left::Text(text.to_owned()));
    assert_eq!(
        left(&[("AWS", "a")]),
        expected(r#"{"Statement":[{"Principal":{"AWS":["b"],"Service":"s"},"Effect":"Allow"}]}"#)
    );
    assert_eq!(
        left(&[("AWS", "a"), ("AWS", "b")]),
        expected(r#"{"Statement":[{"Principal":{"Service":"s"},"Effect":"Allow"}]}"#)
    );
    assert_eq!(
        left(&[("AWS", "a"), ("Service", "s")]),
        expected(r#"{"Statement":[{"Principal":{"AWS":["b"]},"Effect":"Allow"}]}"#)
    );
    assert_eq!(left(&[("AWS", "a"), ("AWS", "b"), ("Service", "s")]), Some(Left::Nothing));
}
