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
        let operator = operators
            .entry(condition.operator.value.to_string())
            .or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(keys) = operator {
            keys.insert(condition.key.value.as_written().to_owned(), one_or_many(values));
        }
    }
    Value::Object(operators)
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
