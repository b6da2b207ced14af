//! Values of a plan with what is known of them: `after`, `after_unknown` and the references of the configuration.

use std::collections::BTreeSet;

use ringfence_policy::Partition;

use super::plan::{Change, Plan};
use crate::assembly::Whereabouts;
use crate::node::{Key, Node, NodeKind, Place};
use crate::planned::{Planned, PlannedKind, Text, Unknown};

/// Works out values of one resource.
pub(super) struct Values<'p, 'n> {
    pub(super) plan: &'p Plan<'n>,
    pub(super) change: &'p Change<'n>,
    pub(super) whereabouts: &'p Whereabouts,
}

impl Values<'_, '_> {
    /// An attribute; nothing when it is not set. What nobody wrote and is not known is AWS's choice, and counts as not
    /// set. What the plan does not know is worked out of the configuration, where that lies beside the plan.
    pub(super) fn attribute(&self, name: &str) -> Option<Planned> {
        let value = self.attribute_of_plan(name)?;
        if !matches!(value.kind, PlannedKind::Unknown(_)) {
            return Some(value);
        }
        let is_known =
            |own: &Planned| !matches!(own.kind, PlannedKind::Unknown(_) | PlannedKind::Null);
        self.written(name).filter(is_known).or(Some(value))
    }

    /// An attribute, as the plan alone has it.
    pub(super) fn attribute_of_plan(&self, name: &str) -> Option<Planned> {
        let expression = self.expression(name);
        let unknown = self.change.unknown.and_then(|own| own.get(name));
        let known = self.change.after.and_then(|own| own.get(name));
        let is_known = known.is_some_and(|own| !matches!(own.kind, NodeKind::Null));
        if !is_known && expression.is_none() {
            return None;
        }
        let value = self.value(name, known, unknown, expression);
        (!matches!(value.kind, PlannedKind::Null)).then_some(value)
    }

    /// An attribute as text.
    pub(super) fn text(&self, name: &str) -> Option<Text> {
        self.attribute(name)?.as_text()
    }

    /// What the configuration says of an attribute.
    pub(super) fn expression(&self, name: &str) -> Option<&Node> {
        let all = self.plan.configuration(self.change)?.get("expressions")?;
        all.get(name).filter(|own| !own.members().is_empty() || !own.elements().is_empty())
    }

    fn value(
        &self,
        name: &str,
        after: Option<&Node>,
        unknown: Option<&Node>,
        expression: Option<&Node>,
    ) -> Planned {
        let place = after.map_or(self.change.place, |own| &own.place);
        if matches!(unknown.map(|own| &own.kind), Some(NodeKind::Boolean(true))) {
            return self.unknown(name, place, expression);
        }
        let Some(after) = after else { return Planned::new(place, PlannedKind::Null) };
        let kind = match &after.kind {
            NodeKind::List(all) => {
                let unknown = unknown.map(Node::elements).unwrap_or_default();
                let one = |(index, own): (usize, &Node)| {
                    let inner = expression.map(Node::elements).and_then(|all| all.get(index));
                    self.value(name, Some(own), unknown.get(index), inner.or(expression))
                };
                PlannedKind::List(all.iter().enumerate().map(one).collect())
            }
            NodeKind::Map(all) => {
                let mut members: Vec<(Key, Planned)> = Vec::new();
                for (key, own) in all {
                    let inner = expression.and_then(|own| own.get(&key.name));
                    let unknown = unknown.and_then(|own| own.get(&key.name));
                    members.push((key.clone(), self.value(&key.name, Some(own), unknown, inner)));
                }
                for (key, own) in unknown.map(Node::members).unwrap_or_default() {
                    let inner = expression.and_then(|own| own.get(&key.name));
                    let is_there = members.iter().any(|(other, _)| other.name == key.name);
                    if !is_there && matches!(own.kind, NodeKind::Boolean(true)) {
                        let key = Key { name: key.name.clone(), place: place.clone() };
                        let value = self.unknown(&key.name, place, inner);
                        members.push((key, value));
                    }
                }
                PlannedKind::Map(members)
            }
            _ => return Planned::of_node(after),
        };
        Planned::new(place, kind)
    }

    fn unknown(&self, name: &str, place: &Place, expression: Option<&Node>) -> Planned {
        let references = self.plan.references(self.change, expression);
        let form = match references.as_slice() {
            [] => None,
            all => {
                let mut forms = all.iter().flat_map(|own| {
                    own.changes.iter().map(|change| self.arn_form(change, &own.attribute))
                });
                let first = forms.next().flatten();
                first.filter(|first| forms.all(|own| own.as_ref() == Some(first)))
            }
        };
        let named: BTreeSet<String> = references
            .iter()
            .flat_map(|own| {
                own.changes
                    .iter()
                    .map(move |change| format!("{}.{}", change.address, own.attribute))
            })
            .collect();
        let reason = match named.is_empty() {
            true => format!("`{name}` of `{}` is known after apply", self.change.address),
            false => format!(
                "`{}` is known after apply",
                named.into_iter().collect::<Vec<_>>().join("`, `")
            ),
        };
        let identity = format!("plan:{}.{name}", self.change.address);
        let form = form.unwrap_or_else(|| "*".to_owned());
        Planned::unknown(place, Unknown::new(identity, form, reason, place))
    }

    /// The form of a text that is made of the ARN of a role or user, of which the account is known.
    fn arn_form(&self, change: &Change<'_>, attribute: &str) -> Option<String> {
        let kind = match change.resource_type {
            "aws_iam_role" => "role",
            "aws_iam_user" => "user",
            _ => return None,
        };
        let partition: Partition = self.whereabouts.partition;
        (attribute == "arn").then(|| {
            format!("arn:{}:iam::{}:{kind}/*", partition.as_str(), self.whereabouts.account)
        })
    }

    /// A policy: as it is known, or as the document that it is made of.
    pub(super) fn policy(&self, name: &str) -> Option<Planned> {
        let value = self.attribute(name)?;
        if !matches!(value.kind, PlannedKind::Unknown(_)) {
            return Some(value);
        }
        let references = self.plan.references(self.change, self.expression(name));
        let mut documents = references.iter().flat_map(|own| &own.changes);
        match (documents.next(), documents.next()) {
            (Some(only), None) if only.resource_type == "aws_iam_policy_document" => {
                let values = Values { change: only, ..*self };
                Some(super::policy_document::document(&values).unwrap_or(value))
            }
            _ => Some(value),
        }
    }
}
