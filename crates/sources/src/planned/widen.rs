//! From a policy of which parts are not known to one that allows at least what the real one will.
//!
//! What an Allow statement names and is not known becomes a pattern that every value of its form matches; what it
//! excepts and is not known is taken out of the exception. In a Deny statement it is the other way round: what is
//! not known is not denied. A statement that so comes to deny nothing stays in its place, so that the positions of
//! the others are those of the real policy.

use super::text::{Part, Text, Unknown};
use super::widen_condition::conditions;
use super::widen_principal::{not_principal, principal};
use super::{Planned, PlannedKind, Presence};
use crate::node::{Key, Node, NodeKind, Place};

/// A policy that allows at least what the real one will.
pub(super) struct Widened {
    pub(super) document: Node,
    pub(super) assumed: Vec<Assumed>,
    /// What may hold anything: nothing can be said about the policy without it.
    pub(super) not_known: Vec<(Place, Unknown)>,
}

/// What was taken to be so.
pub(super) struct Assumed {
    pub(super) unknown: Unknown,
    /// Where it is used.
    pub(super) place: Place,
    /// The statement that allows more because of it; nothing when it would have denied.
    pub(super) statement: Option<Place>,
}

/// The policy, of a resource whose own unknown parts are called `own`. All of those are the same in the policy and in
/// the resource's name, so that a pattern in the place of one is exact.
pub(super) fn widen(
    document: &Planned,
    own: &str,
    presence: &Presence,
) -> Result<Widened, (Place, Unknown)> {
    let mut widening = Widening { own, assumed: Vec::new(), not_known: Vec::new() };
    let mut statements = Vec::new();
    let mut members: Vec<(Key, Node)> = Vec::new();
    let alternatives: Vec<(&Planned, Presence)> = match &document.kind {
        PlannedKind::Unknown(unknown) => return Err((document.place.clone(), unknown.clone())),
        PlannedKind::OneOf(all, unknown) => {
            all.iter().map(|one| (one, Presence::Possible(unknown.clone()))).collect()
        }
        _ => vec![(document, presence.clone())],
    };
    let mut form = None;
    for (alternative, presence) in alternatives {
        for (key, value) in alternative.members() {
            if key.name == "Statement" {
                form = Some((
                    key.clone(),
                    value.place.clone(),
                    matches!(value.kind, PlannedKind::Map(_)),
                ));
                widening.statements(value, &presence, &mut statements);
            } else if !members.iter().any(|(own, _)| own.name == key.name) {
                let exact = exact(value).map_err(|unknown| (value.place.clone(), unknown))?;
                members.push((key.clone(), exact));
            }
        }
        if alternative.members().is_empty() {
            let exact = exact(alternative).map_err(|unknown| (document.place.clone(), unknown))?;
            return Ok(Widened { document: exact, assumed: Vec::new(), not_known: Vec::new() });
        }
    }
    if let Some((key, place, is_single)) = form {
        let value = match (is_single, statements.len()) {
            (true, 1) => statements.remove(0),
            _ => Node { place, kind: NodeKind::List(statements) },
        };
        members.push((key, value));
    }
    let document = Node { place: document.place.clone(), kind: NodeKind::Map(members) };
    Ok(Widened { document, assumed: widening.assumed, not_known: widening.not_known })
}

struct Widening<'o> {
    own: &'o str,
    assumed: Vec<Assumed>,
    not_known: Vec<(Place, Unknown)>,
}

/// Which way an element may deviate from the real one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// It matches at least what the real one does.
    More,
    /// It matches at most what the real one does.
    Less,
}

impl Direction {
    pub(super) fn reversed(self) -> Self {
        match self {
            Self::More => Self::Less,
            Self::Less => Self::More,
        }
    }
}

/// What becomes of an element.
pub(super) enum Element {
    /// It has this value.
    Is(Node),
    /// It matches everything.
    Everything,
    /// It matches nothing.
    Nothing,
}

/// A statement on the way: what of it is not known is noted.
pub(super) struct Noted<'o> {
    pub(super) own: &'o str,
    pub(super) unknown: Vec<(Unknown, Place)>,
}

impl Widening<'_> {
    fn statements(&mut self, value: &Planned, presence: &Presence, into: &mut Vec<Node>) {
        match &value.kind {
            PlannedKind::List(all) => {
                all.iter().for_each(|one| self.statements(one, presence, into))
            }
            PlannedKind::OneOf(all, unknown) => {
                let possible = Presence::Possible(unknown.clone());
                all.iter().for_each(|one| self.statements(one, &possible, into));
            }
            PlannedKind::Map(_) => into.push(self.statement(value, presence)),
            PlannedKind::Null => {}
            PlannedKind::Unknown(unknown) => {
                self.not_known.push((value.place.clone(), unknown.clone()))
            }
            PlannedKind::Boolean(_) | PlannedKind::Number(_) | PlannedKind::Text(_) => {
                // Broken as it is; whoever reads the policy says so.
                into.extend(exact(value).ok());
            }
        }
    }

    fn statement(&mut self, value: &Planned, presence: &Presence) -> Node {
        let mut noted = Noted { own: self.own, unknown: Vec::new() };
        let effect = value.get("Effect").and_then(Planned::as_text);
        let is_deny = effect.as_ref().and_then(Text::as_known) == Some("Deny");
        let built = match (is_deny, presence) {
            (true, Presence::Possible(unknown)) => {
                noted.unknown.push((unknown.clone(), value.place.clone()));
                None
            }
            (false, Presence::Possible(unknown)) => {
                noted.unknown.push((unknown.clone(), value.place.clone()));
                noted.members(value, Direction::More)
            }
            (true, Presence::Certain) => noted.members(value, Direction::Less),
            (false, Presence::Certain) => noted.members(value, Direction::More),
        };
        let statement = (!is_deny).then(|| value.place.clone());
        for (unknown, place) in noted.unknown {
            self.assumed.push(Assumed { unknown, place, statement: statement.clone() });
        }
        let members = built.unwrap_or_else(|| denies_nothing(value));
        Node { place: value.place.clone(), kind: NodeKind::Map(members) }
    }
}

/// A statement that takes the place of one that may deny something.
fn denies_nothing(statement: &Planned) -> Vec<(Key, Node)> {
    let place = &statement.place;
    let member = |name: &str, text: &str| {
        let key = Key { name: name.to_owned(), place: place.clone() };
        (key, Node { place: place.clone(), kind: NodeKind::Text(text.to_owned()) })
    };
    let mut members = vec![member("Effect", "Deny")];
    if statement.get("Principal").or_else(|| statement.get("NotPrincipal")).is_some() {
        members.push(member("Principal", "*"));
    }
    members.push(member("Action", "none:None"));
    if statement.get("Resource").or_else(|| statement.get("NotResource")).is_some() {
        members.push(member("Resource", "*"));
    }
    members
}

impl Noted<'_> {
    /// The members of a statement; nothing when it comes to match no request.
    fn members(&mut self, statement: &Planned, direction: Direction) -> Option<Vec<(Key, Node)>> {
        let mut members = Vec::new();
        for (key, value) in statement.members() {
            let element = match key.name.as_str() {
                "Action" | "Resource" => self.patterns(value, direction),
                "NotAction" | "NotResource" => match self.patterns(value, direction.reversed()) {
                    Element::Is(node) => Element::Is(node),
                    Element::Everything => Element::Nothing,
                    Element::Nothing => Element::Everything,
                },
                "Principal" => principal(self, value, direction),
                "NotPrincipal" => not_principal(self, value, direction),
                "Condition" => conditions(self, value, direction),
                "Effect" => match exact(value) {
                    Ok(node) => Element::Is(node),
                    Err(unknown) => {
                        self.unknown.push((unknown, value.place.clone()));
                        Element::Is(text_node(&value.place, "Allow"))
                    }
                },
                _ => match exact(value) {
                    Ok(node) => Element::Is(node),
                    Err(_) => continue, // A Sid says nothing about access.
                },
            };
            match (element, key.name.as_str()) {
                (Element::Nothing, _) => return None,
                (Element::Is(node), _) => members.push((key.clone(), node)),
                (Element::Everything, "Condition") => {}
                (Element::Everything, name) => {
                    let name = name.trim_start_matches("Not").to_owned();
                    let key = Key { name, place: key.place.clone() };
                    members.push((key, text_node(&value.place, "*")));
                }
            }
        }
        Some(members)
    }

    fn patterns(&mut self, value: &Planned, direction: Direction) -> Element {
        if value.first_unknown().is_none() {
            return exact(value).map_or(Element::Everything, Element::Is);
        }
        let mut patterns = Vec::new();
        self.add_patterns(value, direction, &mut patterns);
        match (patterns.is_empty(), direction) {
            (true, Direction::Less) => Element::Nothing,
            (true, Direction::More) => Element::Everything,
            (false, _) => {
                Element::Is(Node { place: value.place.clone(), kind: NodeKind::List(patterns) })
            }
        }
    }

    fn add_patterns(&mut self, value: &Planned, direction: Direction, into: &mut Vec<Node>) {
        match &value.kind {
            PlannedKind::List(all) => {
                all.iter().for_each(|one| self.add_patterns(one, direction, into))
            }
            PlannedKind::OneOf(all, unknown) => {
                self.note(unknown, &value.place);
                if direction == Direction::More {
                    all.iter().for_each(|one| self.add_patterns(one, direction, into));
                }
            }
            PlannedKind::Unknown(unknown) => {
                self.note(unknown, &value.place);
                if direction == Direction::More {
                    into.push(text_node(&value.place, unknown.form()));
                }
            }
            PlannedKind::Text(text) => {
                let foreign: Vec<&Unknown> =
                    text.unknowns().filter(|own| !own.is_of(self.own)).collect();
                foreign.iter().for_each(|unknown| self.note(unknown, &value.place));
                if foreign.is_empty() || direction == Direction::More {
                    into.push(text_node(&value.place, &self.pattern(text)));
                }
            }
            PlannedKind::Null
            | PlannedKind::Boolean(_)
            | PlannedKind::Number(_)
            | PlannedKind::Map(_) => into.extend(exact(value).ok()),
        }
    }

    /// The text as a pattern. What stands for the beginning of an ARN holds colons, which a wildcard within a segment does
    /// not match: there, anything may come.
    fn pattern(&self, text: &Text) -> String {
        let is_beginning = match text.parts() {
            [Part::Unknown(first), Part::Known(next), ..] => {
                first.form() == "*" && !first.is_of(self.own) && !next.starts_with(':')
            }
            [Part::Unknown(first), Part::Unknown(_), ..] => first.form() == "*",
            _ => false,
        };
        if is_beginning { "*".to_owned() } else { text.pattern() }
    }

    pub(super) fn note(&mut self, unknown: &Unknown, place: &Place) {
        self.unknown.push((unknown.clone(), place.clone()));
    }
}

pub(super) fn text_node(place: &Place, text: &str) -> Node {
    Node { place: place.clone(), kind: NodeKind::Text(text.to_owned()) }
}

/// The value as it is, when all of it is known.
pub(super) fn exact(value: &Planned) -> Result<Node, Unknown> {
    let kind = match &value.kind {
        PlannedKind::Null => NodeKind::Null,
        PlannedKind::Boolean(truth) => NodeKind::Boolean(*truth),
        PlannedKind::Number(text) => NodeKind::Number(text.clone()),
        PlannedKind::Text(text) => match (text.as_known(), text.first_unknown()) {
            (Some(text), _) => NodeKind::Text(text.to_owned()),
            (None, Some(unknown)) => return Err(unknown.clone()),
            (None, None) => NodeKind::Text(text.pattern()),
        },
        PlannedKind::List(all) => NodeKind::List(all.iter().map(exact).collect::<Result<_, _>>()?),
        PlannedKind::Map(all) => {
            let member = |(key, value): &(Key, Planned)| Ok((key.clone(), exact(value)?));
            NodeKind::Map(all.iter().map(member).collect::<Result<_, Unknown>>()?)
        }
        PlannedKind::Unknown(unknown) | PlannedKind::OneOf(_, unknown) => {
            return Err(unknown.clone());
        }
    };
    Ok(Node { place: value.place.clone(), kind })
}
