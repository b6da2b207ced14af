//! JSON that stands in a string, with parts that are not known.

use super::text::{Part, Text, Unknown};
use super::{Planned, PlannedKind};
use crate::error::SourceError;
use crate::node::{Key, Node, NodeKind, Place, read_json_text};

/// They stand around the number of an unknown part while the text is read as JSON; no template holds them.
const OPEN: char = '\u{f0000}';
const CLOSE: char = '\u{f0001}';

/// The value that a text holds as JSON. Everything in it stands where the text does.
pub(crate) fn parse_json_text(text: &Text, place: &Place) -> Result<Planned, SourceError> {
    let mut unknown: Vec<&Unknown> = Vec::new();
    let mut marked = String::new();
    for part in text.parts() {
        match part {
            Part::Known(text) => marked.push_str(text),
            Part::Unknown(own) => {
                marked.push(OPEN);
                marked.push_str(&unknown.len().to_string());
                marked.push(CLOSE);
                unknown.push(own);
            }
        }
    }
    let within = |mut error: SourceError| {
        error.position = Some(place.start);
        error
    };
    let node = read_json_text(&place.file, &marked).map_err(within)?;
    Ok(planned(&node, &unknown, place))
}

fn planned(node: &Node, unknown: &[&Unknown], place: &Place) -> Planned {
    let kind = match &node.kind {
        NodeKind::Text(text) => PlannedKind::Text(unmarked(text, unknown)),
        NodeKind::List(all) => {
            PlannedKind::List(all.iter().map(|own| planned(own, unknown, place)).collect())
        }
        NodeKind::Map(all) => {
            let member = |(key, value): &(Key, Node)| {
                let name = unmarked(&key.name, unknown).pattern();
                (Key { name, place: place.clone() }, planned(value, unknown, place))
            };
            PlannedKind::Map(all.iter().map(member).collect())
        }
        _ => Planned::of_node(node).kind,
    };
    Planned::new(place, kind)
}

fn unmarked(text: &str, unknown: &[&Unknown]) -> Text {
    let mut found = Text::default();
    for (number, piece) in text.split(OPEN).enumerate() {
        let marked = piece.split_once(CLOSE).filter(|_| number > 0);
        let own = marked
            .and_then(|(index, rest)| Some((unknown.get(index.parse::<usize>().ok()?)?, rest)));
        match own {
            Some((unknown, rest)) => {
                found.push(&Text::unknown((*unknown).clone()));
                found.push_known(rest);
            }
            None => found.push_known(piece),
        }
    }
    found
}

/// The value as JSON.
pub(crate) fn to_json_text(value: &Planned) -> Text {
    let mut text = Text::default();
    write(value, &mut text);
    text
}

fn write(value: &Planned, into: &mut Text) {
    match &value.kind {
        PlannedKind::Null => into.push_known("null"),
        PlannedKind::Boolean(truth) => into.push_known(&truth.to_string()),
        PlannedKind::Number(text) => into.push_known(text),
        PlannedKind::Text(text) => {
            into.push_known("\"");
            for part in text.parts() {
                match part {
                    Part::Known(text) => {
                        let quoted = ringfence_policy::json::escape(text);
                        into.push_known(quoted.trim_matches('"'));
                    }
                    Part::Unknown(unknown) => into.push(&Text::unknown(unknown.clone())),
                }
            }
            into.push_known("\"");
        }
        PlannedKind::List(all) => {
            into.push_known("[");
            for (number, one) in all.iter().enumerate() {
                into.push_known(if number > 0 { "," } else { "" });
                write(one, into);
            }
            into.push_known("]");
        }
        PlannedKind::Map(all) => {
            into.push_known("{");
            for (number, (key, one)) in all.iter().enumerate() {
                into.push_known(if number > 0 { "," } else { "" });
                write(&Planned::text(&key.place, &key.name), into);
                into.push_known(":");
                write(one, into);
            }
            into.push_known("}");
        }
        PlannedKind::Unknown(unknown) | PlannedKind::OneOf(_, unknown) => {
            into.push(&Text::unknown(unknown.clone()));
        }
    }
}
