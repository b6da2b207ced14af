//! Conditions with values that are not known.

use ringfence_policy::{Comparison, ConditionOperator};

use super::text::Unknown;
use super::widen::{Direction, Element, Noted, exact, text_node};
use super::{Planned, PlannedKind};
use crate::node::{Key, Node, NodeKind, Place};

/// The Condition element. A condition that is dropped holds always.
pub(super) fn conditions(noted: &mut Noted<'_>, value: &Planned, direction: Direction) -> Element {
    if let Ok(node) = exact(value) {
        return Element::Is(node);
    }
    let PlannedKind::Map(operators) = &value.kind else {
        if let Some(unknown) = value.first_unknown() {
            noted.note(unknown, &value.place);
        }
        return match direction {
            Direction::More => Element::Everything,
            Direction::Less => Element::Nothing,
        };
    };
    let mut built = Conditions { found: Vec::new() };
    for (operator, keys) in operators {
        match &keys.kind {
            PlannedKind::Map(all) => {
                for (key, values) in all {
                    if !built.condition(noted, operator, key, values, direction) {
                        return Element::Nothing;
                    }
                }
            }
            _ => match (exact(keys), direction) {
                (Ok(node), _) => {
                    built.found.push((operator.clone(), vec![(operator.clone(), node)]))
                }
                (Err(unknown), Direction::More) => noted.note(&unknown, &keys.place),
                (Err(unknown), Direction::Less) => {
                    noted.note(&unknown, &keys.place);
                    return Element::Nothing;
                }
            },
        }
    }
    match built.found.is_empty() {
        true => Element::Everything,
        false => Element::Is(built.node(&value.place)),
    }
}

/// Conditions by operator.
struct Conditions {
    found: Vec<(Key, Vec<(Key, Node)>)>,
}

/// What becomes of one condition.
enum Condition {
    Is(String, Node),
    Always,
    Never,
}

impl Conditions {
    /// Adds a condition; gives whether it can hold.
    fn condition(
        &mut self,
        noted: &mut Noted<'_>,
        operator: &Key,
        key: &Key,
        values: &Planned,
        direction: Direction,
    ) -> bool {
        let condition = match exact(values) {
            Ok(node) => Condition::Is(operator.name.clone(), node),
            Err(_) => condition(noted, operator, values, direction),
        };
        match condition {
            Condition::Always => true,
            Condition::Never => false,
            Condition::Is(name, node) => {
                let operator = Key { name, place: operator.place.clone() };
                self.add(operator, key.clone(), node) || direction == Direction::More
            }
        }
    }

    /// Gives whether there was room for it: an operator says a key once.
    fn add(&mut self, operator: Key, key: Key, node: Node) -> bool {
        match self.found.iter_mut().find(|(own, _)| own.name == operator.name) {
            None => self.found.push((operator, vec![(key, node)])),
            Some((_, all)) if all.iter().any(|(own, _)| own.name == key.name) => return false,
            Some((_, all)) => all.push((key, node)),
        }
        true
    }

    fn node(self, place: &Place) -> Node {
        let members = self.found.into_iter().map(|(operator, keys)| {
            let place = operator.place.clone();
            (operator, Node { place, kind: NodeKind::Map(keys) })
        });
        Node { place: place.clone(), kind: NodeKind::Map(members.collect()) }
    }
}

fn condition(
    noted: &mut Noted<'_>,
    operator: &Key,
    values: &Planned,
    direction: Direction,
) -> Condition {
    let Some(parsed) = ConditionOperator::parse(&operator.name) else {
        // Broken as it is; whoever reads the policy says so.
        return Condition::Is(operator.name.clone(), text_node(&values.place, ""));
    };
    let is_negated = parsed.comparison.is_negated();
    let values_direction = if is_negated { direction.reversed() } else { direction };
    // With more or with less than it will match, which the comparison may not be able to say.
    let unknown_match = match (values_direction, is_negated) {
        (Direction::More, false) => Condition::Always,
        (Direction::More, true) => Condition::Never,
        (Direction::Less, false) => Condition::Never,
        (Direction::Less, true) => Condition::Always,
    };
    let like = with_wildcards(parsed.comparison);
    let mut list = Values { noted, found: Vec::new(), not_said: false };
    list.add(values, values_direction, like);
    let Values { found, not_said, .. } = list;
    if found.is_empty() || not_said {
        return unknown_match;
    }
    let name = match (values_direction, like) {
        (Direction::More, Some(like)) => {
            let (qualifier, name) = split_qualifier(&operator.name);
            let suffix =
                if name.to_ascii_lowercase().ends_with("ifexists") { "IfExists" } else { "" };
            format!("{qualifier}{}{suffix}", like.as_str())
        }
        _ => operator.name.clone(),
    };
    Condition::Is(name, Node { place: values.place.clone(), kind: NodeKind::List(found) })
}

fn split_qualifier(name: &str) -> (&str, &str) {
    name.find(':').map_or(("", name), |at| name.split_at(at + 1))
}

/// The comparison that is the same with wildcards.
fn with_wildcards(comparison: Comparison) -> Option<Comparison> {
    match comparison {
        Comparison::StringEquals | Comparison::StringLike => Some(Comparison::StringLike),
        Comparison::StringNotEquals | Comparison::StringNotLike => Some(Comparison::StringNotLike),
        Comparison::ArnEquals
        | Comparison::ArnLike
        | Comparison::ArnNotEquals
        | Comparison::ArnNotLike => Some(comparison),
        _ => None,
    }
}

struct Values<'n, 'o> {
    noted: &'n mut Noted<'o>,
    found: Vec<Node>,
    /// There is a value that the comparison cannot say.
    not_said: bool,
}

impl Values<'_, '_> {
    fn add(&mut self, value: &Planned, direction: Direction, like: Option<Comparison>) {
        let place = &value.place;
        match &value.kind {
            PlannedKind::List(all) => all.iter().for_each(|one| self.add(one, direction, like)),
            PlannedKind::OneOf(all, unknown) => {
                self.noted.note(unknown, place);
                if direction == Direction::More {
                    all.iter().for_each(|one| self.add(one, direction, like));
                }
            }
            PlannedKind::Unknown(unknown) => {
                self.unknown(unknown, place, unknown.form(), direction, like)
            }
            PlannedKind::Text(text) => match (text.as_known(), text.first_unknown()) {
                // A `*` that stood for itself may become a wildcard here, which matches more.
                (Some(text), _) => self.found.push(text_node(place, text)),
                (None, Some(unknown)) => {
                    self.unknown(unknown, place, &text.pattern(), direction, like)
                }
                (None, None) => {}
            },
            PlannedKind::Null
            | PlannedKind::Boolean(_)
            | PlannedKind::Number(_)
            | PlannedKind::Map(_) => {
                self.found.extend(exact(value).ok());
            }
        }
    }

    fn unknown(
        &mut self,
        unknown: &Unknown,
        place: &Place,
        pattern: &str,
        direction: Direction,
        like: Option<Comparison>,
    ) {
        self.noted.note(unknown, place);
        match (direction, like) {
            (Direction::Less, _) => {}
            (Direction::More, Some(_)) => self.found.push(text_node(place, pattern)),
            (Direction::More, None) => self.not_said = true,
        }
    }
}
