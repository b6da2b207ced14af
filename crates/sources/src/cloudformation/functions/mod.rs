//! The functions of templates.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html>

mod choice;
mod mapping;
mod network;
mod reference;
mod sub;
mod text;

use super::stack::{Evaluated, Stack};
use crate::error::SourceError;
use crate::node::{Key, Node, Place};
use crate::planned::{Planned, PlannedKind, Text, Unknown};

pub(super) use choice::truth;

/// More alternatives of one text are not kept apart.
const MAX_ALTERNATIVES: usize = 16;

/// What a function comes to.
pub(super) fn call(stack: &Stack, key: &Key, argument: &Node, place: &Place) -> Evaluated {
    let function = Call { stack, argument, place };
    match key.name.as_str() {
        "Ref" => reference::reference(&function),
        "Fn::GetAtt" => reference::get_att(&function),
        "Fn::ImportValue" => reference::import_value(&function),
        "Fn::Sub" => sub::sub(&function),
        "Fn::Join" => text::join(&function),
        "Fn::Split" => text::split(&function),
        "Fn::Select" => text::select(&function),
        "Fn::Base64" => text::base64(&function),
        "Fn::Length" => text::length(&function),
        "Fn::ToJsonString" => text::to_json_string(&function),
        "Fn::If" => choice::choose(&function),
        "Fn::And" | "Fn::Or" | "Fn::Not" | "Fn::Equals" => choice::as_value(&function, key),
        "Fn::FindInMap" => mapping::find_in_map(&function),
        "Fn::Cidr" => network::cidr(&function),
        "Fn::GetAZs" => network::get_azs(&function),
        "Fn::Transform" => {
            let name = argument.get("Name").and_then(Node::as_text).unwrap_or_default();
            let reason = format!("it is made by the macro `{name}`");
            stack.note(
                place,
                format!("the macro `{name}` is not carried out; what it makes is not known"),
            );
            function.known(PlannedKind::Unknown(Unknown::new("macro:", "*", reason, place)))
        }
        name => Err(key.place.problem(format!("`{name}` is no function of CloudFormation"))),
    }
}

/// A function that is called.
struct Call<'c> {
    stack: &'c Stack,
    argument: &'c Node,
    /// Where the call stands: so does what it comes to.
    place: &'c Place,
}

impl Call<'_> {
    fn known(&self, kind: PlannedKind) -> Evaluated {
        Ok(Some(Planned::new(self.place, kind)))
    }

    /// The same value, standing where the call does.
    fn moved(&self, value: &Planned) -> Evaluated {
        Ok(Some(moved(value, self.place)))
    }

    fn wrong<T>(&self, message: impl Into<String>) -> Result<T, SourceError> {
        Err(self.argument.place.problem(message))
    }

    /// The elements of the argument, which has so many.
    fn arguments(
        &self,
        expected: &str,
        counts: std::ops::RangeInclusive<usize>,
    ) -> Result<&[Node], SourceError> {
        let elements = self.argument.elements();
        match counts.contains(&elements.len()) {
            true => Ok(elements),
            false => self.wrong(format!("{expected} is expected here")),
        }
    }

    /// One text or the alternatives that there are for it.
    fn of_texts(&self, texts: Vec<Text>, why: Option<Unknown>) -> Evaluated {
        let text = |text: Text| Planned::new(self.place, PlannedKind::Text(text));
        match (texts.len(), why) {
            (0, _) => self.known(PlannedKind::Text(Text::default())),
            (2.., Some(why)) => {
                self.known(PlannedKind::OneOf(texts.into_iter().map(text).collect(), why))
            }
            (_, _) => Ok(texts.into_iter().next().map(text)),
        }
    }
}

/// The value with everything in it standing at `place`: a value stands where it is used.
pub(super) fn moved(value: &Planned, place: &Place) -> Planned {
    let all = |values: &[Planned]| values.iter().map(|own| moved(own, place)).collect();
    let kind = match &value.kind {
        PlannedKind::List(values) => PlannedKind::List(all(values)),
        PlannedKind::OneOf(values, why) => PlannedKind::OneOf(all(values), why.clone()),
        PlannedKind::Map(members) => {
            let member = |(key, value): &(Key, Planned)| {
                let key = Key { name: key.name.clone(), place: place.clone() };
                (key, moved(value, place))
            };
            PlannedKind::Map(members.iter().map(member).collect())
        }
        kind => kind.clone(),
    };
    Planned::new(place, kind)
}

/// Texts that are put together of parts, each of which may be one of several.
struct Concatenation {
    texts: Vec<Text>,
    why: Option<Unknown>,
}

impl Concatenation {
    fn new() -> Self {
        Self { texts: vec![Text::default()], why: None }
    }

    fn push_known(&mut self, text: &str) {
        self.texts.iter_mut().for_each(|own| own.push_known(text));
    }

    /// Adds a value; gives whether it is one that can stand in a text.
    fn push(&mut self, value: &Planned) -> bool {
        if let PlannedKind::OneOf(all, why) = &value.kind {
            let options: Option<Vec<Text>> = all.iter().map(Planned::as_text).collect();
            if let Some(options) = options
                && options.len() * self.texts.len() <= MAX_ALTERNATIVES
                && !options.is_empty()
            {
                let with = |own: &Text| {
                    let own = own.clone();
                    options
                        .iter()
                        .map(move |option| Text::joined([&own, option]))
                        .collect::<Vec<_>>()
                };
                self.texts = self.texts.iter().flat_map(with).collect();
                self.why = Some(why.clone());
                return true;
            }
        }
        let Some(text) = value.as_text() else { return false };
        self.texts.iter_mut().for_each(|own| own.push(&text));
        true
    }

    fn is_too_long(&self) -> bool {
        let length = |text: &Text| text.pattern().len();
        self.texts.iter().map(length).sum::<usize>() > super::stack::MAX_TEXT
    }
}
