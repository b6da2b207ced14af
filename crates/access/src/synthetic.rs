//! Policy documents for access that is not written as one: grants, access control lists, network origins.

use ringfence_policy::{Effect, Pattern, PolicyDocument, Statement, parse_policy};
use serde_json::{Value, json};

/// An Allow statement for `actions` on whatever it is attached to; `who` has the elements that say for
/// whom.
pub(crate) fn allow(mut who: Value, actions: &[String]) -> Value {
    if let Some(statement) = who.as_object_mut() {
        statement.insert("Effect".into(), "Allow".into());
        statement.insert("Action".into(), json!(actions));
    }
    who
}

/// The document of these statements. What cannot be read of them is left out.
pub(crate) fn document(statements: &[Value]) -> PolicyDocument {
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

/// A statement that all requests match that meet `conditions`.
pub(crate) fn within(conditions: &Value) -> Option<Statement> {
    let statement = json!({"Effect": "Allow", "Action": "*", "Condition": conditions});
    document(&[statement]).statements.pop()
}

/// The Deny statements of `document`, in their places.
pub(crate) fn denying(document: &PolicyDocument) -> PolicyDocument {
    let mut denying = document.clone();
    denying.statements.retain(|statement| statement.effect.value == Effect::Deny);
    denying
}
