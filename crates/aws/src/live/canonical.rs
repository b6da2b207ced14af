//! When two values of a slot say the same. A service gives back what it was given in its own order, with its own spaces,
//! and with accounts written as ARNs; a comparison of bytes would take that for somebody else's change.
//!
//! Where a text cannot be read without loss, only the same bytes are the same.

use serde_json::{Map, Value, json};

use super::unit::Form;
use crate::collection::policy_text::policy;

/// Whether two values say the same. `partition` is that of the accounts that policies name.
pub(super) fn same(form: Form, partition: &str, one: Option<&str>, other: Option<&str>) -> bool {
    if one == other {
        return true;
    }
    let read = |text: Option<&str>| match form {
        Form::Policy => text.and_then(|text| document(text, partition)),
        Form::Statements => match text {
            None => Some(json!([])),
            Some(text) => {
                let document = document(text, partition);
                document.map(|it| it.get("Statement").cloned().unwrap_or_else(|| json!([])))
            }
        },
        Form::Settings { nothing, ignored } => {
            let value = serde_json::from_str(text.or(nothing)?).ok();
            value.map(|value| as_sets(value, ignored))
        }
    };
    matches!((read(one), read(other)), (Some(one), Some(other)) if one == other)
}

/// A policy in one way of writing it, or nothing where it cannot be read without loss.
pub(super) fn document(text: &str, partition: &str) -> Option<Value> {
    let Value::Object(document) = policy(Some(text)) else { return None };
    let members = document.into_iter().map(|(name, value)| {
        let value = match (name.as_str(), value) {
            ("Statement", Value::Array(statements)) => {
                sorted(statements.into_iter().map(|value| statement(value, partition)).collect())
            }
            ("Statement", value) => json!([statement(value, partition)]),
            (_, value) => value,
        };
        (name, value)
    });
    Some(Value::Object(members.collect()))
}

/// A statement in one way of writing it.
pub(super) fn statement(statement: Value, partition: &str) -> Value {
    let Value::Object(members) = statement else { return statement };
    let members = members.into_iter().map(|(name, value)| {
        let value = match name.as_str() {
            "Action" | "NotAction" => list(value, &|text| text.to_ascii_lowercase()),
            "Resource" | "NotResource" => list(value, &str::to_owned),
            "Principal" | "NotPrincipal" => principal(value, partition),
            "Condition" => condition(value),
            _ => value,
        };
        (name, value)
    });
    Value::Object(ordered(members.collect()))
}

fn principal(value: Value, partition: &str) -> Value {
    let account = |text: &str| match text.len() == 12 && text.bytes().all(|it| it.is_ascii_digit())
    {
        true => format!("arn:{partition}:iam::{text}:root"),
        false => text.to_owned(),
    };
    match value {
        // `*` and `{"AWS": "*"}` are the same; any other text is how some endpoints show an ARN.
        Value::String(text) => json!({ "AWS": [account(&text)] }),
        Value::Object(kinds) => {
            let kinds = kinds.into_iter().map(|(kind, names)| {
                let names = match kind.as_str() {
                    "AWS" => list(names, &account),
                    _ => list(names, &str::to_owned),
                };
                (kind, names)
            });
            Value::Object(ordered(kinds.collect()))
        }
        other => other,
    }
}

fn condition(value: Value) -> Value {
    let Value::Object(operators) = value else { return value };
    let operators = operators.into_iter().map(|(operator, keys)| {
        let keys = match keys {
            Value::Object(keys) => {
                // Names of keys do not tell cases apart; a tag's key, after the slash, is left as it is.
                let keys = keys.into_iter().map(|(key, values)| {
                    let (name, rest) = key.split_at(key.find('/').unwrap_or(key.len()));
                    let key = format!("{}{rest}", name.to_ascii_lowercase());
                    (key, list(values, &str::to_owned))
                });
                Value::Object(ordered(keys.collect()))
            }
            other => other,
        };
        (operator, keys)
    });
    Value::Object(ordered(operators.collect()))
}

/// One value, or many, as a list in order without repetition.
fn list(value: Value, text: &dyn Fn(&str) -> String) -> Value {
    let items = match value {
        Value::Array(items) => items,
        one => vec![one],
    };
    let items = items.into_iter().map(|item| match item {
        Value::String(item) => json!(text(&item)),
        Value::Bool(item) => json!(item.to_string()),
        Value::Number(item) => json!(item.to_string()),
        other => other,
    });
    sorted(items.collect())
}

fn as_sets(value: Value, ignored: &[&str]) -> Value {
    match value {
        Value::Array(items) => {
            sorted(items.into_iter().map(|item| as_sets(item, ignored)).collect())
        }
        Value::Object(members) => {
            let counted = members.into_iter().filter(|(name, _)| !ignored.contains(&name.as_str()));
            let members = counted.map(|(name, value)| (name, as_sets(value, ignored)));
            Value::Object(ordered(members.collect()))
        }
        other => other,
    }
}

fn sorted(mut items: Vec<Value>) -> Value {
    items.sort_by_cached_key(Value::to_string);
    items.dedup();
    Value::Array(items)
}

/// Members in the order of their names, so that the text of what is equal is equal.
fn ordered(members: Vec<(String, Value)>) -> Map<String, Value> {
    let mut members = members;
    members.sort_by(|(one, _), (other, _)| one.cmp(other));
    members.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policies(one: &str, other: &str) -> bool {
        same(Form::Policy, "aws", Some(one), Some(other))
    }

    #[test]
    fn a_service_may_write_it_in_another_way() {
        assert!(policies(
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"123456789012"},
                "Action":"SQS:SendMessage","Resource":["b","a"],"Condition":{"Bool":{"AWS:SecureTransport":true}}}}"#,
            r#"{"Statement":[{"Principal":{"AWS":["arn:aws:iam::123456789012:root"]},"Effect":"Allow",
                "Action":["sqs:SendMessage"],"Resource":["a","b"],
                "Condition":{"Bool":{"aws:SecureTransport":["true"]}}}],"Version":"2012-10-17"}"#
        ));
        assert!(policies(
            r#"{"Statement":[{"Sid":"a","Principal":"*"},{"Sid":"b"}]}"#,
            r#"{"Statement":[{"Sid":"b"},{"Sid":"a","Principal":{"AWS":"*"}}]}"#
        ));
    }

    #[test]
    fn what_means_something_else_is_something_else() {
        for (one, other) in [
            (r#"{"Statement":[{"Sid":"a"}]}"#, r#"{"Statement":[{"Sid":"b"}]}"#),
            (r#"{"Statement":[{"Sid":"a"}]}"#, r#"{"Statement":[{"Sid":"a"},{"Sid":"b"}]}"#),
            (r#"{"Statement":[{"Effect":"Allow"}]}"#, r#"{"Statement":[{"Effect":"Deny"}]}"#),
            (r#"{"Statement":[{"Resource":"a"}]}"#, r#"{"Statement":[{"Resource":"A"}]}"#),
            (
                r#"{"Statement":[{"Principal":{"AWS":"*"}}]}"#,
                r#"{"Statement":[{"NotPrincipal":{"AWS":"*"}}]}"#,
            ),
            (
                r#"{"Statement":[{"Condition":{"StringEquals":{"aws:ResourceTag/A":"x"}}}]}"#,
                r#"{"Statement":[{"Condition":{"StringEquals":{"aws:ResourceTag/a":"x"}}}]}"#,
            ),
            // Which of two members counts is not for us to say.
            (r#"{"Statement":[],"Statement":[{"Sid":"a"}]}"#, r#"{"Statement":[{"Sid":"a"}]}"#),
            ("{", "{}"),
        ] {
            assert!(!policies(one, other), "{one} {other}");
        }
        assert!(policies("{", "{"));
        assert!(!same(Form::Policy, "aws", None, Some("{}")));
    }

    #[test]
    fn settings_are_sets() {
        let form = Form::Settings { nothing: Some("[]"), ignored: &["GrantId"] };
        assert!(same(form, "aws", Some(r#"["b","a"]"#), Some(r#"["a","b"]"#)));
        assert!(same(form, "aws", None, Some("[]")));
        assert!(!same(form, "aws", None, Some(r#"["all"]"#)));
        assert!(same(form, "aws", Some(r#"{"GrantId":"a","b":1}"#), Some(r#"{"b":1}"#)));
        assert!(same(Form::Statements, "aws", None, Some(r#"{"Id":"default","Statement":[]}"#)));
    }
}
