//! What a template or plan says of the environment that it makes, as far as it is known before it is carried out.
//!
//! A value that is not known yet (an id that AWS chooses, a parameter that nobody gave) stays in its place as
//! [`Unknown`], with the form that it will have and the reason. [`widen`] turns a policy with such values into one
//! that allows at least as much as the real one will; see `docs/decisions/0010-what-is-not-known-yet.md`.

mod json_text;
mod policy;
mod text;
mod widen;
mod widen_condition;
mod widen_principal;
mod write;

use crate::node::{Key, Node, NodeKind, Place};

pub(crate) use json_text::{parse_json_text, to_json_text};
pub(crate) use policy::{Policies, Presence, Purpose};
pub(crate) use text::{Part, Text, Unknown};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) place: Place,
    pub(crate) kind: PlannedKind,
}

/// What is known of a value.
#[derive(Clone, Debug)]
pub(crate) enum PlannedKind {
    Null,
    Boolean(bool),
    /// A number, as it is spelled.
    Number(String),
    Text(Text),
    List(Vec<Planned>),
    Map(Vec<(Key, Planned)>),
    /// Anything.
    Unknown(Unknown),
    /// One of these; which one is not known.
    OneOf(Vec<Planned>, Unknown),
}

/// Whether something is so.
#[derive(Clone, Debug)]
pub(crate) enum Truth {
    Yes,
    No,
    Unknown(Unknown),
}

impl Planned {
    pub(crate) fn new(place: &Place, kind: PlannedKind) -> Self {
        Self { place: place.clone(), kind }
    }

    pub(crate) fn text(place: &Place, text: impl Into<String>) -> Self {
        Self::new(place, PlannedKind::Text(Text::known(text)))
    }

    pub(crate) fn unknown(place: &Place, unknown: Unknown) -> Self {
        Self::new(place, PlannedKind::Unknown(unknown))
    }

    /// A map of these members, all of which stand at `place`.
    pub(crate) fn map(place: &Place, members: Vec<(&str, Self)>) -> Self {
        let member = |(name, value): (&str, Self)| {
            (Key { name: name.to_owned(), place: value.place.clone() }, value)
        };
        Self::new(place, PlannedKind::Map(members.into_iter().map(member).collect()))
    }

    /// A value that is known as it stands.
    pub(crate) fn of_node(node: &Node) -> Self {
        let kind = match &node.kind {
            NodeKind::Null => PlannedKind::Null,
            NodeKind::Boolean(truth) => PlannedKind::Boolean(*truth),
            NodeKind::Number(text) => PlannedKind::Number(text.clone()),
            NodeKind::Text(text) => PlannedKind::Text(Text::known(text)),
            NodeKind::List(all) => PlannedKind::List(all.iter().map(Self::of_node).collect()),
            NodeKind::Map(all) => {
                let member = |(key, value): &(Key, Node)| (key.clone(), Self::of_node(value));
                PlannedKind::Map(all.iter().map(member).collect())
            }
        };
        Self::new(&node.place, kind)
    }

    /// The members of a map, nothing for any other value.
    pub(crate) fn members(&self) -> &[(Key, Self)] {
        match &self.kind {
            PlannedKind::Map(members) => members,
            _ => &[],
        }
    }

    /// The elements of a list, or the value itself when it is none.
    pub(crate) fn one_or_many(&self) -> &[Self] {
        match &self.kind {
            PlannedKind::List(elements) => elements,
            PlannedKind::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// The member called `name`, when it is there and not null.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        let found = self.members().iter().find(|(key, _)| key.name == name)?;
        Some(&found.1).filter(|value| !matches!(value.kind, PlannedKind::Null))
    }

    /// The value as text; numbers and booleans are read as they are spelled.
    pub(crate) fn as_text(&self) -> Option<Text> {
        match &self.kind {
            PlannedKind::Text(text) => Some(text.clone()),
            PlannedKind::Number(text) => Some(Text::known(text)),
            PlannedKind::Boolean(truth) => Some(Text::known(truth.to_string())),
            PlannedKind::Unknown(unknown) => Some(Text::unknown(unknown.clone())),
            PlannedKind::OneOf(_, unknown) => Some(Text::unknown(unknown.clone())),
            PlannedKind::Null | PlannedKind::List(_) | PlannedKind::Map(_) => None,
        }
    }

    /// The text, where all of it is known.
    pub(crate) fn as_known_text(&self) -> Option<String> {
        self.as_text()?.as_known().map(str::to_owned)
    }

    /// Whether it says yes: `true`, or the text `true`.
    pub(crate) fn truth(&self) -> Truth {
        match &self.kind {
            PlannedKind::Unknown(unknown) | PlannedKind::OneOf(_, unknown) => {
                Truth::Unknown(unknown.clone())
            }
            PlannedKind::Boolean(true) => Truth::Yes,
            PlannedKind::Text(text) => match (text.as_known(), text.first_unknown()) {
                (Some(text), _) if text.eq_ignore_ascii_case("true") => Truth::Yes,
                (_, Some(unknown)) => Truth::Unknown(unknown.clone()),
                _ => Truth::No,
            },
            _ => Truth::No,
        }
    }

    /// The value with every part that stands in another file at `place` instead.
    pub(crate) fn standing_at(mut self, place: &Place) -> Self {
        self.move_to(place);
        self
    }

    fn move_to(&mut self, place: &Place) {
        if self.place.file != place.file {
            self.place = place.clone();
        }
        match &mut self.kind {
            PlannedKind::List(all) | PlannedKind::OneOf(all, _) => {
                all.iter_mut().for_each(|own| own.move_to(place));
            }
            PlannedKind::Map(all) => {
                for (key, own) in all {
                    if key.place.file != place.file {
                        key.place = place.clone();
                    }
                    own.move_to(place);
                }
            }
            _ => {}
        }
    }

    /// What is not known of it and of what is in it.
    pub(crate) fn first_unknown(&self) -> Option<&Unknown> {
        match &self.kind {
            PlannedKind::Null | PlannedKind::Boolean(_) | PlannedKind::Number(_) => None,
            PlannedKind::Text(text) => text.first_unknown(),
            PlannedKind::List(all) => all.iter().find_map(Self::first_unknown),
            PlannedKind::Map(all) => all.iter().find_map(|(_, value)| value.first_unknown()),
            PlannedKind::Unknown(unknown) | PlannedKind::OneOf(_, unknown) => Some(unknown),
        }
    }
}
