//! From planned values to the policies of an inventory.

use std::sync::Arc;

use ringfence_access::inventory::{Assumption, NotAnalyzed, PolicySource};

use super::text::{Text, Unknown};
use super::widen::{Assumed, widen};
use super::write::write;
use super::{Planned, PlannedKind, parse_json_text};
use crate::node::{Key, Node, NodeKind, Place};

/// Whether something will be there.
#[derive(Clone, Debug)]
pub(crate) enum Presence {
    Certain,
    Possible(Unknown),
}

/// What policies are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To find access: what is not known allows as much as it could.
    Access,
    /// To judge what is written.
    Validation,
}

/// Builds the policies of one resource; gathers what was assumed and what cannot be said.
pub(crate) struct Policies {
    purpose: Purpose,
    pub(crate) assumptions: Vec<Assumption>,
    pub(crate) not_analyzed: Vec<NotAnalyzed>,
}

impl Policies {
    pub(crate) fn new(purpose: Purpose) -> Self {
        Self { purpose, assumptions: Vec::new(), not_analyzed: Vec::new() }
    }

    /// The policy of a resource whose own unknown parts belong to `own`. `name` is what the template calls the policy.
    pub(crate) fn policy(
        &mut self,
        name: &str,
        document: &Planned,
        own: &str,
        presence: &Presence,
    ) -> Option<PolicySource> {
        if self.purpose == Purpose::Validation {
            return as_written(document);
        }
        let document = match self.structure(name, document)? {
            PolicyText::Is(document) => document,
            PolicyText::Broken => return None,
        };
        let widened = match widen(&document, own, presence) {
            Ok(widened) => widened,
            Err((place, unknown)) => {
                self.not_known(name, &place, &unknown);
                return None;
            }
        };
        for (place, unknown) in &widened.not_known {
            self.not_known(name, place, unknown);
        }
        for Assumed { unknown, place, statement } in widened.assumed {
            let statement = statement.map(|own| own.start);
            self.add(&unknown, &place, statement);
        }
        let file = Arc::clone(&document.place.file);
        let (text, places) = write(&widened.document);
        let source = PolicySource::of_template(&file, &text, places);
        if let Some(problem) = source.parse().err().and_then(|all| all.into_iter().next()) {
            let reason = format!("the policy `{name}` cannot be analyzed: {}", problem.message);
            let position = Some(problem.position);
            self.not_analyzed.push(NotAnalyzed { position, ..NotAnalyzed::new(&file, reason) });
        }
        Some(source)
    }

    /// Notes that something about the resource as a whole was assumed.
    pub(crate) fn assume(&mut self, unknown: &Unknown, place: &Place) {
        self.add(unknown, place, None);
    }

    /// Notes that nothing can be said about something.
    pub(crate) fn not_known(&mut self, what: &str, place: &Place, unknown: &Unknown) {
        let reason = format!("`{what}` is not known before deployment: {}", unknown.reason());
        self.not_analyzed(place, reason);
    }

    pub(crate) fn not_analyzed(&mut self, place: &Place, reason: impl Into<String>) {
        let position = Some(place.start);
        self.not_analyzed.push(NotAnalyzed { position, ..NotAnalyzed::new(&place.file, reason) });
    }

    fn add(
        &mut self,
        unknown: &Unknown,
        place: &Place,
        statement: Option<ringfence_policy::Position>,
    ) {
        let assumption = Assumption {
            file: Arc::clone(&place.file),
            position: place.start,
            reason: unknown.reason().to_owned(),
            statement,
        };
        if !self.assumptions.contains(&assumption) {
            self.assumptions.push(assumption);
        }
    }

    /// The document as a value; a document that stands in a string is read.
    fn structure(&mut self, name: &str, document: &Planned) -> Option<PolicyText> {
        match &document.kind {
            PlannedKind::Null => None,
            PlannedKind::Text(text)
                if text.as_known().is_some_and(|text| text.trim().is_empty()) =>
            {
                None
            }
            PlannedKind::Text(text) => Some(match of_text(text, &document.place) {
                Ok(value) => PolicyText::Is(value),
                Err(reason) => {
                    self.not_analyzed(
                        &document.place,
                        format!("the policy `{name}` cannot be analyzed: {reason}"),
                    );
                    PolicyText::Broken
                }
            }),
            _ => Some(PolicyText::Is(document.clone())),
        }
    }
}

enum PolicyText {
    Is(Planned),
    Broken,
}

fn of_text(text: &Text, place: &Place) -> Result<Planned, String> {
    if let ([super::Part::Unknown(unknown)], _) = (text.parts(), ()) {
        return Ok(Planned::unknown(place, unknown.clone()));
    }
    parse_json_text(text, place).map_err(|error| error.problem.to_string())
}

/// The policy as it is written, for whoever judges its wording: what is not known has a text that could be there, and
/// is marked as not known. Nothing when the whole of it is not known.
fn as_written(document: &Planned) -> Option<PolicySource> {
    let parsed;
    let document = match &document.kind {
        PlannedKind::Text(text) => {
            parsed = of_text(text, &document.place).ok()?;
            &parsed
        }
        _ => document,
    };
    if !matches!(document.kind, PlannedKind::Map(_)) {
        return None;
    }
    let mut unknown = Vec::new();
    let node = plausible(document, &mut unknown);
    let (text, mut places) = write(&node);
    unknown.iter().for_each(|place: &Place| places.add_unknown(place.start));
    Some(PolicySource::of_template(&document.place.file, &text, places))
}

fn plausible(value: &Planned, unknown: &mut Vec<Place>) -> Node {
    let text = |text: String| NodeKind::Text(text);
    let kind = match &value.kind {
        PlannedKind::Null => NodeKind::Null,
        PlannedKind::Boolean(truth) => NodeKind::Boolean(*truth),
        PlannedKind::Number(number) => NodeKind::Number(number.clone()),
        PlannedKind::Text(own) => {
            if own.first_unknown().is_some() {
                unknown.push(value.place.clone());
            }
            text(own.with(|part| part.form()))
        }
        PlannedKind::List(all) => {
            NodeKind::List(all.iter().map(|one| plausible(one, unknown)).collect())
        }
        PlannedKind::Map(all) => NodeKind::Map(
            all.iter()
                .map(|(key, one): &(Key, Planned)| (key.clone(), plausible(one, unknown)))
                .collect(),
        ),
        PlannedKind::Unknown(own) => {
            unknown.push(value.place.clone());
            text(own.form().to_owned())
        }
        PlannedKind::OneOf(all, _) => match all.first() {
            Some(first) => return plausible(first, unknown),
            None => NodeKind::Null,
        },
    };
    Node { place: value.place.clone(), kind }
}
