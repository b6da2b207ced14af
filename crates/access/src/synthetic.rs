//! Policy documents for access that is not written as one: grants, access control lists, network origins.

use ringfence_policy::{Effect, Pattern, PolicyDocument, Statement, parse_policy};
use serde_json::{Value, json};

/// An Allow statement for one principal.
pub(crate) fn allow(principal: Value, actions: &[String], resources: &[String]) -> Value {
    let mut statement = json!({"Effect": "Allow", "Principal": principal, "Action": actions});
    if !resources.is_empty()
        && let Some(object) = statement.as_object_mut()
    {
        object.insert("Resource".into(), json!(resources));
    }
    statement
}

/// The document of these statements. What cannot be read of them is left out.
pub(crate) fn document(statements: Vec<Value>) -> PolicyDocument {
    let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    parse_policy(&text).document
}

/// A statement that all requests for one of `actions` on one of `resources` match. The texts are taken
/// as they are, except that `*` in a resource is a wildcard.
pub(crate) fn request_box(action: &str, resources: &[String]) -> Option<Statement> {
    let text = json!({
        "Version": "2008-10-17",
        "Statement": {"Effect": "Allow", "Action": action, "Resource": resources},
    });
    let mut statement = parse_policy(&text.to_string()).document.statements.pop()?;
    for pattern in &mut statement.action.patterns {
        pattern.value = Pattern::literal(action);
    }
    Some(statement)
}

/// The Deny statements of `document`, in their places.
pub(crate) fn denying(document: &PolicyDocument) -> PolicyDocument {
    let mut denying = document.clone();
    denying.statements.retain(|statement| statement.effect.value == Effect::Deny);
    denying
}
