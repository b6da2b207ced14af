//! The data source `aws_iam_policy_document`, whose document is not known where a part of it is not.
//!
//! <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document>

use super::values::Values;
use crate::node::Key;
use crate::planned::{Planned, PlannedKind};

/// The policy that an `aws_iam_policy_document` makes, as far as it is known.
pub(super) fn document(values: &Values<'_, '_>) -> Option<Planned> {
    let after = values.change.after?;
    let others = ["source_policy_documents", "override_policy_documents"];
    if others
        .iter()
        .any(|name| values.attribute(name).is_some_and(|own| !own.one_or_many().is_empty()))
    {
        return None; // What they add or take away is not known.
    }
    let place = values.change.place;
    let statements = values.attribute("statement")?;
    let all = statements.one_or_many().iter().map(statement).collect();
    let version = after.get("version").and_then(crate::node::Node::as_text).unwrap_or("2012-10-17");
    Some(Planned::map(
        place,
        vec![
            ("Version", Planned::text(place, version)),
            ("Statement", Planned::new(&statements.place, PlannedKind::List(all))),
        ],
    ))
}

fn statement(block: &Planned) -> Planned {
    let place = &block.place;
    let mut members = Vec::new();
    members.extend(block.get("sid").map(|sid| ("Sid", sid.clone())));
    let effect = block.get("effect").cloned().unwrap_or_else(|| Planned::text(place, "Allow"));
    members.push(("Effect", effect));
    for (element, name) in [
        ("Action", "actions"),
        ("NotAction", "not_actions"),
        ("Resource", "resources"),
        ("NotResource", "not_resources"),
    ] {
        let found = block
            .get(name)
            .filter(|own| !matches!(&own.kind, PlannedKind::List(all) if all.is_empty()));
        members.extend(found.map(|own| (element, own.clone())));
    }
    for (element, name) in [("Principal", "principals"), ("NotPrincipal", "not_principals")] {
        members.extend(block.get(name).and_then(principals).map(|own| (element, own)));
    }
    members.extend(block.get("condition").and_then(conditions).map(|own| ("Condition", own)));
    Planned::map(place, members)
}

fn principals(blocks: &Planned) -> Option<Planned> {
    if let PlannedKind::Unknown(_) = blocks.kind {
        return Some(blocks.clone());
    }
    let mut kinds: Vec<(Key, Planned)> = Vec::new();
    for block in blocks.one_or_many() {
        let kind = block.get("type").and_then(Planned::as_known_text)?;
        let identifiers = block.get("identifiers")?.clone();
        if kind == "*" {
            return Some(Planned::text(&block.place, "*"));
        }
        match kinds.iter_mut().find(|(key, _)| key.name == kind) {
            Some((_, all)) => {
                let both =
                    all.one_or_many().iter().chain(identifiers.one_or_many()).cloned().collect();
                all.kind = PlannedKind::List(both);
            }
            None => kinds.push((Key { name: kind, place: block.place.clone() }, identifiers)),
        }
    }
    (!kinds.is_empty()).then(|| Planned::new(&blocks.place, PlannedKind::Map(kinds)))
}

fn conditions(blocks: &Planned) -> Option<Planned> {
    if let PlannedKind::Unknown(_) = blocks.kind {
        return Some(blocks.clone());
    }
    let mut operators: Vec<(Key, Vec<(Key, Planned)>)> = Vec::new();
    for block in blocks.one_or_many() {
        let text = |name: &str| block.get(name).and_then(Planned::as_known_text);
        let (Some(test), Some(variable)) = (text("test"), text("variable")) else {
            let unknown = block.first_unknown()?.clone();
            return Some(Planned::unknown(&block.place, unknown));
        };
        let values = block.get("values")?.clone();
        let key = |name: String| Key { name, place: block.place.clone() };
        match operators.iter_mut().find(|(own, _)| own.name == test) {
            Some((_, keys)) => keys.push((key(variable), values)),
            None => operators.push((key(test), vec![(key(variable), values)])),
        }
    }
    let map = |(operator, keys): (Key, Vec<(Key, Planned)>)| {
        let keys = Planned::new(&operator.place, PlannedKind::Map(keys));
        (operator, keys)
    };
    let all: Vec<(Key, Planned)> = operators.into_iter().map(map).collect();
    (!all.is_empty()).then(|| Planned::new(&blocks.place, PlannedKind::Map(all)))
}
