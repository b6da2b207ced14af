//! The functions of Terraform that policies are put together with.
//!
//! <https://developer.hashicorp.com/terraform/language/functions>

use crate::node::{Key, Place};
use crate::planned::{Planned, PlannedKind, Text, parse_json_text};

/// What a function gives; nothing when that is not worked out.
pub(super) fn call(name: &str, arguments: Vec<Planned>, place: &Place) -> Option<Planned> {
    let mut all = arguments.into_iter();
    let list = |all: Vec<Planned>| Some(Planned::new(place, PlannedKind::List(all)));
    let text = |text: Text| Some(Planned::new(place, PlannedKind::Text(text)));
    match name {
        // A document is of more use as what it says than as text.
        "jsonencode" | "tolist" | "toset" | "tomap" | "nonsensitive" | "sensitive" | "tostring" => {
            all.next()
        }
        "jsondecode" => {
            let own = all.next()?;
            match &own.kind {
                PlannedKind::Text(text) => parse_json_text(text, place).ok(),
                _ => Some(own),
            }
        }
        "try" | "coalesce" => all.find(|own| !matches!(own.kind, PlannedKind::Null)),
        "concat" => list(lists(all.collect())?.into_iter().flatten().collect()),
        "flatten" => list(flat(all.next()?)?),
        "compact" => {
            let mut own = lists(vec![all.next()?])?.pop()?;
            let is_empty = |one: &Planned| {
                matches!(one.kind, PlannedKind::Null) || one.as_known_text().as_deref() == Some("")
            };
            own.retain(|one| !is_empty(one));
            list(own)
        }
        "distinct" | "sort" => list(lists(vec![all.next()?])?.pop()?),
        "merge" => {
            let mut merged: Vec<(Key, Planned)> = Vec::new();
            for own in all {
                let PlannedKind::Map(members) = own.kind else { return None };
                for (key, value) in members {
                    merged.retain(|(other, _)| other.name != key.name);
                    merged.push((key, value));
                }
            }
            Some(Planned::new(place, PlannedKind::Map(merged)))
        }
        "keys" => match all.next()?.kind {
            PlannedKind::Map(members) => list(
                members.into_iter().map(|(key, _)| Planned::text(&key.place, key.name)).collect(),
            ),
            _ => None,
        },
        "values" => match all.next()?.kind {
            PlannedKind::Map(members) => list(members.into_iter().map(|(_, own)| own).collect()),
            _ => None,
        },
        "lookup" => {
            let (map, key) = (all.next()?, all.next()?.as_known_text()?);
            let PlannedKind::Map(members) = map.kind else { return None };
            let found = members.into_iter().find(|(own, _)| own.name == key);
            found.map(|(_, own)| own).or_else(|| all.next())
        }
        "join" => {
            let between = all.next()?.as_text()?;
            let mut joined = Text::default();
            for (number, own) in lists(all.collect())?.into_iter().flatten().enumerate() {
                if number > 0 {
                    joined.push(&between);
                }
                joined.push(&own.as_text()?);
            }
            text(joined)
        }
        "format" => text(format(&all.next()?.as_known_text()?, all)?),
        "lower" => text(all.next()?.as_text()?.lower()),
        "trimsuffix" => {
            let (own, suffix) = (all.next()?.as_known_text()?, all.next()?.as_known_text()?);
            text(Text::known(own.strip_suffix(&suffix).unwrap_or(&own)))
        }
        _ => None,
    }
}

fn lists(all: Vec<Planned>) -> Option<Vec<Vec<Planned>>> {
    let list = |own: Planned| match own.kind {
        PlannedKind::List(all) => Some(all),
        _ => None,
    };
    all.into_iter().map(list).collect()
}

fn flat(own: Planned) -> Option<Vec<Planned>> {
    let PlannedKind::List(all) = own.kind else { return None };
    let mut found = Vec::new();
    for one in all {
        match one.kind {
            PlannedKind::List(_) => found.extend(flat(one)?),
            PlannedKind::Unknown(_) | PlannedKind::OneOf(..) => return None,
            _ => found.push(one),
        }
    }
    Some(found)
}

/// `%s`, `%d`, `%v` and `%%` with the values that stand for them.
fn format(form: &str, mut values: impl Iterator<Item = Planned>) -> Option<Text> {
    let mut text = Text::default();
    let mut rest = form;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_known(before);
        let mut chars = after.chars();
        match chars.next()? {
            's' | 'd' | 'v' => text.push(&values.next()?.as_text()?),
            '%' => text.push_known("%"),
            _ => return None,
        }
        rest = chars.as_str();
    }
    text.push_known(rest);
    Some(text)
}
