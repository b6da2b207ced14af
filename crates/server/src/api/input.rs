//! The input of an operation: one object of the members that stood in path, query and body.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::exception::{Exception, Field, Reason};
use super::model::{Location, MemberModel, OperationModel, Shape};
use super::validate::{Problems, validate};

/// Collects the members and checks every constraint of the model. Members that the model does not know are ignored.
///
/// # Errors
/// `ValidationException`, with `cannotParse` where the body is no JSON or a value has another type, else with
/// `fieldValidationFailed` and every field that is wrong.
pub(crate) fn read(
    operation: &OperationModel,
    labels: &BTreeMap<&'static str, String>,
    query: &str,
    body: &[u8],
) -> Result<Value, Exception> {
    let mut problems = Problems::default();
    let mut own = Map::new();
    if operation.members().iter().any(|member| member.location == Location::Body) {
        own = read_body(body)?;
    }
    let parameters: Vec<(String, String)> =
        form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    for member in operation.members() {
        let value = match member.location {
            Location::Body => continue,
            Location::Label => labels.get(member.name).map(|text| Value::String(text.clone())),
            Location::Query => read_parameter(member, &parameters, &mut problems),
        };
        own.insert(member.name.to_owned(), value.unwrap_or(Value::Null));
    }
    let input = validate(operation.input, &Value::Object(own), "", &mut problems);
    if problems.is_empty() {
        return Ok(input.unwrap_or_else(|| Value::Object(Map::new())));
    }
    Err(match problems.unreadable.is_empty() {
        true => Exception::validation(Reason::FieldValidationFailed, problems.fields),
        false => Exception::validation(Reason::CannotParse, problems.unreadable),
    })
}

fn read_body(body: &[u8]) -> Result<Map<String, Value>, Exception> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Exception::cannot_parse("the body must be a JSON object")),
        Err(error) => Err(Exception::cannot_parse(&format!("the body is not JSON: {error}"))),
    }
}

fn read_parameter(
    member: &MemberModel,
    parameters: &[(String, String)],
    problems: &mut Problems,
) -> Option<Value> {
    let given = parameters.iter().filter(|(name, _)| name == member.name).map(|(_, text)| text);
    if let Shape::List { .. } = member.shape {
        let list: Vec<Value> = given.cloned().map(Value::String).collect();
        return (!list.is_empty()).then_some(Value::Array(list));
    }
    let given: Vec<&String> = given.collect();
    match given.as_slice() {
        [] => None,
        [text] => Some(typed(member.shape, text)),
        _ => {
            let message = "must be given once".to_owned();
            problems.fields.push(Field { name: member.name.to_owned(), message });
            None
        }
    }
}

/// The value that a text of the query stands for; the text where it stands for none, for the model to refuse.
fn typed(shape: &Shape, text: &str) -> Value {
    let text_value = || Value::String(text.to_owned());
    match shape {
        Shape::Integer(_) => text.parse::<i64>().map_or_else(|_| text_value(), Value::from),
        Shape::Boolean => text.parse::<bool>().map_or_else(|_| text_value(), Value::from),
        _ => text_value(),
    }
}
