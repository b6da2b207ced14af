//! Principals that are not known. Policies have no patterns for them, so they become more than they will be: an ARN
//! of a known account becomes that account, anything else everyone.

use ringfence_policy::{AccountId, Arn};

use super::text::Text;
use super::widen::{Direction, Element, Noted, exact, text_node};
use super::{Planned, PlannedKind};
use crate::node::{Key, Node, NodeKind, Place};

/// The Principal element.
pub(super) fn principal(noted: &mut Noted<'_>, value: &Planned, direction: Direction) -> Element {
    if let Ok(node) = exact(value) {
        return Element::Is(node);
    }
    let mut kinds = Kinds { place: value.place.clone(), found: Vec::new(), everyone: false };
    kinds.element(noted, value, direction);
    match direction {
        Direction::More if kinds.everyone => Element::Is(text_node(&value.place, "*")),
        Direction::More | Direction::Less if kinds.found.is_empty() => Element::Nothing,
        Direction::More | Direction::Less => Element::Is(kinds.node()),
    }
}

/// The NotPrincipal element: with anything unknown in it, a Deny denies nothing and an Allow excepts only who is
/// known.
pub(super) fn not_principal(
    noted: &mut Noted<'_>,
    value: &Planned,
    direction: Direction,
) -> Element {
    if let Ok(node) = exact(value) {
        return Element::Is(node);
    }
    match (direction, principal(noted, value, Direction::Less)) {
        (Direction::Less, _) => Element::Nothing,
        (Direction::More, Element::Is(node)) => Element::Is(node),
        (Direction::More, Element::Nothing | Element::Everything) => Element::Everything,
    }
}

/// The principals by kind (`AWS`, `Service`, …).
struct Kinds {
    place: Place,
    found: Vec<(Key, Vec<Node>)>,
    everyone: bool,
}

impl Kinds {
    fn element(&mut self, noted: &mut Noted<'_>, value: &Planned, direction: Direction) {
        match &value.kind {
            PlannedKind::Map(kinds) => {
                for (kind, values) in kinds {
                    self.values(noted, kind, values, direction);
                }
            }
            PlannedKind::OneOf(all, unknown) => {
                noted.note(unknown, &value.place);
                if direction == Direction::More {
                    all.iter().for_each(|one| self.element(noted, one, direction));
                }
            }
            PlannedKind::Text(text) if text.as_known() == Some("*") => self.everyone = true,
            _ => {
                if let Some(unknown) = value.first_unknown() {
                    noted.note(unknown, &value.place);
                }
                self.everyone |= direction == Direction::More;
            }
        }
    }

    fn values(&mut self, noted: &mut Noted<'_>, kind: &Key, value: &Planned, direction: Direction) {
        match &value.kind {
            PlannedKind::List(all) => {
                all.iter().for_each(|one| self.values(noted, kind, one, direction))
            }
            PlannedKind::OneOf(all, unknown) => {
                noted.note(unknown, &value.place);
                if direction == Direction::More {
                    all.iter().for_each(|one| self.values(noted, kind, one, direction));
                }
            }
            PlannedKind::Unknown(unknown) => {
                noted.note(unknown, &value.place);
                self.unknown(kind, &Text::unknown(unknown.clone()), &value.place, direction);
            }
            PlannedKind::Text(text) => match text.first_unknown() {
                None => self.add(kind, &value.place, text.as_known().unwrap_or_default()),
                Some(unknown) => {
                    noted.note(unknown, &value.place);
                    self.unknown(kind, text, &value.place, direction);
                }
            },
            PlannedKind::Number(text) => self.add(kind, &value.place, text),
            PlannedKind::Null | PlannedKind::Boolean(_) | PlannedKind::Map(_) => {
                if let Ok(node) = exact(value) {
                    self.push(kind, node);
                }
            }
        }
    }

    fn unknown(&mut self, kind: &Key, text: &Text, place: &Place, direction: Direction) {
        if direction == Direction::Less {
            return;
        }
        match kind.name.as_str() {
            "AWS" => match account(text) {
                Some(account) => self.add(kind, place, account.as_str()),
                None => self.everyone = true,
            },
            // Services are within every zone of trust; the name only has to be one.
            "Service" => self.add(kind, place, "not-known-yet.amazonaws.com"),
            "CanonicalUser" => self.add(kind, place, &text.with(|_| "not-known-yet")),
            _ => self.add(kind, place, &text.pattern()),
        }
    }

    fn add(&mut self, kind: &Key, place: &Place, text: &str) {
        self.push(kind, text_node(place, text));
    }

    fn push(&mut self, kind: &Key, node: Node) {
        match self.found.iter_mut().find(|(own, _)| own.name == kind.name) {
            Some((_, all)) => all.push(node),
            None => self.found.push((kind.clone(), vec![node])),
        }
    }

    fn node(self) -> Node {
        let place = self.place;
        let list = |all| Node { place: place.clone(), kind: NodeKind::List(all) };
        let members = self.found.into_iter().map(|(kind, all)| (kind, list(all))).collect();
        Node { place: place.clone(), kind: NodeKind::Map(members) }
    }
}

/// The account that the ARN, or the account id, of a principal names.
fn account(text: &Text) -> Option<AccountId> {
    Arn::parse(&text.pattern())?.account_id()
}
