//! Parameters of a template: what was given, defaults, and what stays unknown.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>

use std::collections::BTreeMap;

use super::MissingParameters;
use crate::error::SourceError;
use crate::node::{Node, Place};
use crate::planned::{Planned, PlannedKind, Text, Unknown};

/// The values that a user gives. They stand nowhere in the template.
pub(super) fn given(
    values: &BTreeMap<String, String>,
    template: &Node,
) -> BTreeMap<String, Planned> {
    let planned =
        |(name, text): (&String, &String)| (name.clone(), Planned::text(&template.place, text));
    values.iter().map(planned).collect()
}

/// The values of the parameters of `template`.
pub(super) fn values(
    template: &Node,
    mut given: BTreeMap<String, Planned>,
    missing: MissingParameters,
) -> Result<BTreeMap<String, Planned>, SourceError> {
    let mut values = BTreeMap::new();
    let mut without: Vec<(String, &Place)> = Vec::new();
    let declared = template.get("Parameters").map(Node::members).unwrap_or_default();
    for (key, declaration) in declared {
        let name = &key.name;
        let kind = declaration.get("Type").and_then(Node::as_text).unwrap_or("String");
        let found = given.remove(name).or_else(|| declaration.get("Default").map(Planned::of_node));
        let found = match found {
            Some(found) => found,
            None if missing == MissingParameters::Refuse => {
                without.push((name.clone(), &key.place));
                continue;
            }
            None => not_given(name, declaration, &key.place),
        };
        let value = typed(name, kind, found, &key.place);
        allowed(name, declaration, &value)?;
        values.insert(name.clone(), value);
    }
    if let Some((_, place)) = without.first() {
        let names: Vec<String> = without.iter().map(|(name, _)| format!("`{name}`")).collect();
        let (noun, verb) =
            if names.len() == 1 { ("parameter", "has") } else { ("parameters", "have") };
        return Err(place.problem(format!(
            "the {noun} {} {verb} no value; give it with `--parameters NAME=VALUE`, or analyze for any value with \
             `--unknown-parameters`",
            names.join(", ")
        )));
    }
    if let Some((name, value)) = given.first_key_value() {
        return Err(value.place.problem(format!("the template has no parameter `{name}`")));
    }
    Ok(values)
}

fn not_given(name: &str, declaration: &Node, place: &Place) -> Planned {
    let unknown = Unknown::new(
        format!("parameter:{name}"),
        "*",
        format!("the parameter `{name}` has no value"),
        place,
    );
    let allowed = declaration.get("AllowedValues").map(Node::elements).unwrap_or_default();
    match allowed.is_empty() {
        true => Planned::unknown(place, unknown),
        false => {
            let all = allowed.iter().map(Planned::of_node).collect();
            Planned::new(place, PlannedKind::OneOf(all, unknown))
        }
    }
}

/// The value as its type has it: lists are cut at commas, names of SSM parameters stand for what those hold.
fn typed(name: &str, kind: &str, value: Planned, place: &Place) -> Planned {
    if kind.starts_with("AWS::SSM::Parameter::Value<") {
        let holds = value.as_text().map(|text| text.pattern()).unwrap_or_default();
        let reason = format!("the parameter `{name}` is what the SSM parameter `{holds}` holds");
        return Planned::unknown(
            place,
            Unknown::new(format!("parameter:{name}"), "*", reason, place),
        );
    }
    let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
    match (&value.kind, value.as_text()) {
        (PlannedKind::Unknown(_) | PlannedKind::OneOf(..) | PlannedKind::List(_), _) => value,
        (_, Some(text)) if is_list => {
            let trimmed = |piece: &Text| match piece.as_known() {
                Some(known) => Planned::text(&value.place, known.trim()),
                None => Planned::new(&value.place, PlannedKind::Text(piece.clone())),
            };
            let all = text.split(",").iter().map(trimmed).collect();
            Planned::new(&value.place, PlannedKind::List(all))
        }
        (_, Some(text)) => Planned::new(&value.place, PlannedKind::Text(text)),
        (_, None) => value,
    }
}

fn allowed(name: &str, declaration: &Node, value: &Planned) -> Result<(), SourceError> {
    let allowed: Vec<&str> = declaration
        .get("AllowedValues")
        .map(Node::elements)
        .unwrap_or_default()
        .iter()
        .filter_map(Node::as_text)
        .collect();
    if allowed.is_empty() || matches!(value.kind, PlannedKind::OneOf(..)) {
        return Ok(());
    }
    for one in value.one_or_many() {
        if let Some(text) = one.as_known_text()
            && !allowed.contains(&text.as_str())
        {
            let message = format!(
                "`{text}` is not among the allowed values of the parameter `{name}`: {}",
                allowed.join(", ")
            );
            return Err(declaration.place.problem(message));
        }
    }
    Ok(())
}
