//! Canonical printing: one text for one meaning of the syntax.
//!
//! Elements come in AWS's order, lists of one element are written as the element, lists keep their
//! order. Reading the text again gives the same statements.

use serde_json::{Map, Value, json};

use super::{
    Condition, Effect, Form, PatternElement, Polarity, PolicyDocument, Principal, PrincipalElement,
    Statement, Version,
};

/// `document` as JSON in canonical form.
#[must_use]
pub fn to_canonical_json(document: &PolicyDocument) -> Value {
    let mut object = Map::new();
    match document.version {
        Version::V2012_10_17 => object.insert("Version".into(), "2012-10-17".into()),
        Version::V2008_10_17 => object.insert("Version".into(), "2008-10-17".into()),
        Version::Absent => None,
    };
    if let Some(id) = &document.id {
        object.insert("Id".into(), id.value.as_str().into());
    }
    let statements = document.statements.iter().map(statement).collect();
    object.insert("Statement".into(), Value::Array(statements));
    Value::Object(object)
}

fn statement(statement: &Statement) -> Value {
    let mut object = Map::new();
    if let Some(sid) = &statement.sid {
        object.insert("Sid".into(), sid.value.as_str().into());
    }
    let effect = match statement.effect.value {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    object.insert("Effect".into(), effect.into());
    if let Some(element) = &statement.principal {
        object.insert(named("Principal", element.polarity), principal_element(element));
    }
    object.insert(named("Action", statement.action.polarity), patterns(&statement.action));
    if let Some(resource) = &statement.resource {
        object.insert(named("Resource", resource.polarity), patterns(resource));
    }
    if !statement.conditions.is_empty() {
        object.insert("Condition".into(), conditions(&statement.conditions));
    }
    Value::Object(object)
}

fn named(element: &str, polarity: Polarity) -> String {
    match polarity {
        Polarity::Plain => element.to_owned(),
        Polarity::Not => format!("Not{element}"),
    }
}

fn one_or_many(mut values: Vec<Value>) -> Value {
    match (values.len(), values.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            values.extend(last);
            Value::Array(values)
        }
    }
}

fn patterns(element: &PatternElement) -> Value {
    one_or_many(element.patterns.iter().map(|pattern| pattern.value.text().into()).collect())
}

fn conditions(conditions: &[Condition]) -> Value {
    let mut operators = Map::new();
    for condition in conditions {
        let values = condition.values.iter().map(|value| value.value.text().into()).collect();
        let key = condition.key.value.as_written();
        let name = condition.operator.value.to_string();
        // One operator may be written twice in different case, with the same key in both.
        let is_free =
            |name: &String| operators.get(name).is_none_or(|keys: &Value| keys.get(key).is_none());
        let name = (0..).map(|other| spelling(&name, other)).find(is_free).unwrap_or(name);
        let operator = operators.entry(name).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(keys) = operator {
            keys.insert(key.to_owned(), one_or_many(values));
        }
    }
    Value::Object(operators)
}

/// The operator's name with other letters in upper and lower case for each number; 0 is AWS's spelling.
fn spelling(name: &str, number: u32) -> String {
    let flipped = |(at, letter): (usize, char)| match number
        .checked_shr(u32::try_from(at).unwrap_or(u32::MAX))
    {
        Some(bits) if bits & 1 == 1 && letter.is_ascii_uppercase() => letter.to_ascii_lowercase(),
        Some(bits) if bits & 1 == 1 => letter.to_ascii_uppercase(),
        Some(_) | None => letter,
    };
    name.chars().enumerate().map(flipped).collect()
}

fn principal_element(element: &PrincipalElement) -> Value {
    if element.form == Form::Scalar {
        return "*".into();
    }
    let mut kinds: Map<String, Value> = Map::new();
    for principal in &element.principals {
        let (kind, text) = principal_text(&principal.value);
        if let Value::Array(list) = kinds.entry(kind).or_insert_with(|| json!([])) {
            list.push(text.into());
        }
    }
    kinds.into_iter().map(|(kind, list)| (kind, unlist(list))).collect::<Map<_, _>>().into()
}

fn unlist(list: Value) -> Value {
    match list {
        Value::Array(values) => one_or_many(values),
        other => other,
    }
}

fn principal_text(principal: &Principal) -> (String, String) {
    match principal {
        Principal::Everyone => ("AWS".into(), "*".into()),
        Principal::Account { account, partition: None } => ("AWS".into(), account.to_string()),
        Principal::Account { account, partition: Some(partition) } => {
            ("AWS".into(), format!("arn:{partition}:iam::{account}:root"))
        }
        Principal::Arn(arn) => ("AWS".into(), arn.to_string()),
        Principal::UniqueId(id) => ("AWS".into(), id.clone()),
        Principal::Service(name) => ("Service".into(), name.clone()),
        Principal::Federated(name) => ("Federated".into(), name.clone()),
        Principal::CanonicalUser(id) => ("CanonicalUser".into(), id.clone()),
        Principal::Unrecognized { kind, text } => (kind.clone(), text.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse_policy;

    #[test]
    fn keeps_every_condition_of_operators_in_different_case() {
        let text = r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":
            {"StringLike":{"k":"1","j":"2"},"stringlike":{"k":"3"},"STRINGLIKE":{"k":"4","K":"5"}}}}"#;
        let printed = to_canonical_json(&parse_policy(text).document);
        let condition = json!({
            "StringLike": { "k": "1", "j": "2", "K": "5" }, "stringLike": { "k": "3" }, "STringLike": { "k": "4" },
        });
        assert_eq!(printed["Statement"][0]["Condition"], condition);
        assert_eq!(to_canonical_json(&parse_policy(&printed.to_string()).document), printed);
    }
}
