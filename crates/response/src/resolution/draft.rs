//! A Deny statement as it is put together.

use serde_json::{Map, Value, json};

/// The conditions of a statement: operator, key, values.
pub(super) type Conditions = Map<String, Value>;

/// A Deny statement without its Sid.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draft {
    /// The value of Principal.
    pub(super) principal: Value,
    /// Actions and patterns of them.
    pub(super) actions: Vec<String>,
    /// The value of Resource; nothing in policies whose statements have none.
    pub(super) resources: Vec<String>,
    /// The conditions.
    pub(super) conditions: Conditions,
}

impl Draft {
    /// The statement. Lists of one element are written as the element.
    pub(super) fn statement(&self, sid: &str) -> Value {
        let mut statement = Map::new();
        statement.insert("Sid".into(), sid.into());
        statement.insert("Effect".into(), "Deny".into());
        statement.insert("Principal".into(), self.principal.clone());
        statement.insert("Action".into(), one_or_many(&self.actions));
        if !self.resources.is_empty() {
            statement.insert("Resource".into(), one_or_many(&self.resources));
        }
        if !self.conditions.is_empty() {
            statement.insert("Condition".into(), self.conditions.clone().into());
        }
        statement.into()
    }
}

/// Drafts of one principal and one condition as one draft. Nobody is denied more by it than by both: whoever is denied
/// was allowed nothing but what one of them takes.
pub(super) fn merged(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut all: Vec<Draft> = Vec::new();
    for draft in drafts {
        let same = |own: &&mut Draft| {
            own.principal == draft.principal && own.conditions == draft.conditions
        };
        match all.iter_mut().find(same) {
            Some(own) => {
                add(&mut own.actions, draft.actions);
                add(&mut own.resources, draft.resources);
            }
            None => all.push(draft),
        }
    }
    all
}

fn add(all: &mut Vec<String>, more: Vec<String>) {
    for own in more {
        if !all.contains(&own) {
            all.push(own);
        }
    }
}

/// A list, or its one element.
pub(super) fn one_or_many(all: &[String]) -> Value {
    match all {
        [only] => only.as_str().into(),
        _ => json!(all),
    }
}

/// The texts of a value that is one or a list.
pub(super) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        Value::Bool(_) | Value::Number(_) => vec![value.to_string()],
        Value::Null | Value::Object(_) => Vec::new(),
    }
}

/// The conditions with one more, which has to hold besides; nothing where one operator would have to say two things of
/// one key. Values of a negated operator are all excluded, so there one list says both.
pub(super) fn with_condition(
    mut conditions: Conditions,
    operator: &str,
    key: &str,
    values: &[String],
) -> Option<Conditions> {
    let written = conditions.keys().find(|own| own.eq_ignore_ascii_case(operator)).cloned();
    let block = conditions.entry(written.unwrap_or_else(|| operator.to_owned()));
    let block = block.or_insert_with(|| json!({})).as_object_mut()?;
    let written = block.keys().find(|own| own.eq_ignore_ascii_case(key)).cloned();
    match written {
        None => {
            block.insert(key.to_owned(), one_or_many(values));
        }
        Some(written) => {
            let own = block.get_mut(&written)?;
            let mut all = texts(own);
            if operator.contains("Not") {
                add(&mut all, values.to_vec());
                *own = one_or_many(&all);
            } else if all != values {
                return None;
            }
        }
    }
    Some(conditions)
}

/// The conditions with only `label` left of the values that a key may have, where it is one of several. Negated
/// operators exclude, and stay.
pub(super) fn narrowed(mut conditions: Conditions, key: &str, label: &str) -> Conditions {
    for (operator, block) in &mut conditions {
        if operator.contains("Not") || operator.to_ascii_lowercase().contains("null") {
            continue;
        }
        for (own, values) in block.as_object_mut().into_iter().flatten() {
            if own.eq_ignore_ascii_case(key) && texts(values).iter().any(|text| text == label) {
                *values = label.into();
            }
        }
    }
    conditions
}
