//! Makes the resources of the translated template.

use std::collections::BTreeMap;

use ringfence_access::inventory::NotAnalyzed;

use crate::node::{Key, Node, NodeKind, Place};
use crate::planned::Planned;

/// What the translation has made so far.
pub(super) struct Made<'p> {
    pub(super) resources: Vec<(Key, Node)>,
    pub(super) not_analyzed: Vec<NotAnalyzed>,
    /// What names such as `Function.Alias` became.
    pub(super) renamed: BTreeMap<String, String>,
    /// Conditions that the template does not have and what was made needs.
    pub(super) conditions: Vec<(Key, Node)>,
    parameters: &'p BTreeMap<String, Planned>,
}

/// A resource of a SAM type.
pub(super) struct Resource<'r> {
    pub(super) name: &'r Key,
    /// Its condition, which everything that is made of it shares.
    pub(super) condition: Option<Node>,
    /// Its properties with those of the globals.
    pub(super) properties: &'r Node,
}

impl<'p> Made<'p> {
    pub(super) fn new(parameters: &'p BTreeMap<String, Planned>) -> Self {
        Self {
            resources: Vec::new(),
            not_analyzed: Vec::new(),
            renamed: BTreeMap::new(),
            conditions: Vec::new(),
            parameters,
        }
    }

    pub(super) fn keep(&mut self, key: Key, resource: Node) {
        self.resources.push((key, resource));
    }

    /// Adds a resource that is made of another one.
    pub(super) fn add(
        &mut self,
        of: &Resource<'_>,
        name: &str,
        resource_type: &str,
        properties: Node,
    ) {
        self.add_at(&of.name.place, of, name, resource_type, properties);
    }

    /// The same, standing at a place of its own.
    pub(super) fn add_at(
        &mut self,
        place: &Place,
        of: &Resource<'_>,
        name: &str,
        resource_type: &str,
        properties: Node,
    ) {
        if self.resources.iter().any(|(key, _)| key.name == name) {
            return;
        }
        let mut members = vec![("Type", text(place, resource_type)), ("Properties", properties)];
        if let Some(condition) = &of.condition {
            members.push(("Condition", condition.clone()));
        }
        let key = Key { name: name.to_owned(), place: place.clone() };
        self.resources.push((key, map(place, members)));
    }

    /// Adds the resource as one of another type, with some of its properties.
    pub(super) fn renamed_type(
        &mut self,
        own: &Resource<'_>,
        resource_type: &str,
        kept: &[&'static str],
    ) {
        let properties =
            kept.iter().filter_map(|name| Some((*name, own.properties.get(name)?.clone())));
        let mut properties: Vec<(&str, Node)> = properties.collect();
        properties.extend(own.properties.get("Tags").map(|tags| ("Tags", tags.clone())));
        let place = &own.name.place;
        self.add(own, &own.name.name, resource_type, map(place, properties));
    }

    /// The name of a condition that holds where another does not.
    pub(super) fn negated(&mut self, condition: &str, of: &str, place: &Place) -> String {
        let name = format!("NOT{condition}{of}");
        let condition = map(place, vec![("Condition", text(place, condition))]);
        let not = map(place, vec![("Fn::Not", list(place, vec![condition]))]);
        self.conditions.push((Key { name: name.clone(), place: place.clone() }, not));
        name
    }

    /// The name of a condition that holds where one does and, if there is one, another.
    pub(super) fn both(&mut self, one: Option<&Node>, other: String, place: &Place) -> String {
        let Some(one) = one.and_then(Node::as_text) else { return other };
        let name = format!("{one}AND{other}");
        let named = |name: &str| map(place, vec![("Condition", text(place, name))]);
        let and = map(place, vec![("Fn::And", list(place, vec![named(one), named(&other)]))]);
        self.conditions.push((Key { name: name.clone(), place: place.clone() }, and));
        name
    }

    /// Notes that what a type grants is not worked out.
    pub(super) fn not_worked_out(&mut self, place: &Place, resource_type: &str) {
        let reason = format!("what the type `{resource_type}` allows is not worked out");
        self.not_analyzed.push(NotAnalyzed {
            position: Some(place.start),
            resource_type: Some(resource_type.to_owned()),
            ..NotAnalyzed::new(&place.file, reason)
        });
    }

    /// The text of a value that is written out, or is a parameter with a known value.
    pub(super) fn literal(&self, node: &Node) -> Option<String> {
        if let Some(text) = node.as_text() {
            return Some(text.to_owned());
        }
        if let NodeKind::Boolean(truth) = node.kind {
            return Some(truth.to_string());
        }
        let parameter = node.get("Ref").and_then(Node::as_text)?;
        self.parameters.get(parameter)?.as_known_text()
    }
}

pub(super) fn text(place: &Place, text: &str) -> Node {
    Node { place: place.clone(), kind: NodeKind::Text(text.to_owned()) }
}

pub(super) fn list(place: &Place, all: Vec<Node>) -> Node {
    Node { place: place.clone(), kind: NodeKind::List(all) }
}

pub(super) fn map(place: &Place, members: Vec<(&str, Node)>) -> Node {
    let member = |(name, value): (&str, Node)| {
        let place = value.place.clone();
        (Key { name: name.to_owned(), place }, value)
    };
    Node { place: place.clone(), kind: NodeKind::Map(members.into_iter().map(member).collect()) }
}

pub(super) fn reference(place: &Place, name: &str) -> Node {
    map(place, vec![("Ref", text(place, name))])
}

pub(super) fn attribute(place: &Place, name: &str, attribute: &str) -> Node {
    map(place, vec![("Fn::GetAtt", list(place, vec![text(place, name), text(place, attribute)]))])
}

/// `Fn::Sub` with values of its own.
pub(super) fn sub(place: &Place, template: &str, values: Vec<(&str, Node)>) -> Node {
    map(place, vec![("Fn::Sub", list(place, vec![text(place, template), map(place, values)]))])
}

/// The trust policy for one service.
pub(super) fn trust(place: &Place, service: &str) -> Node {
    let statement = map(
        place,
        vec![
            ("Action", list(place, vec![text(place, "sts:AssumeRole")])),
            ("Effect", text(place, "Allow")),
            ("Principal", map(place, vec![("Service", list(place, vec![text(place, service)]))])),
        ],
    );
    map(
        place,
        vec![("Version", text(place, "2012-10-17")), ("Statement", list(place, vec![statement]))],
    )
}

/// What a value says that is written as yes or no.
pub(super) fn boolean(node: &Node) -> Option<bool> {
    match node.kind {
        NodeKind::Boolean(truth) => Some(truth),
        _ => None,
    }
}

/// A statement that allows these actions on a resource.
pub(super) fn statement(place: &Place, actions: &[&str], resource: Node) -> Node {
    let action = match actions {
        [only] => text(place, only),
        all => list(place, all.iter().map(|action| text(place, action)).collect()),
    };
    map(place, vec![("Action", action), ("Effect", text(place, "Allow")), ("Resource", resource)])
}

pub(super) fn document(place: &Place, statements: Vec<Node>) -> Node {
    let version = text(place, "2012-10-17");
    map(place, vec![("Version", version), ("Statement", list(place, statements))])
}

/// A policy of a role.
pub(super) fn named_policy(place: &Place, name: &str, statements: Vec<Node>) -> Node {
    let document = document(place, statements);
    map(place, vec![("PolicyName", text(place, name)), ("PolicyDocument", document)])
}

/// A policy of a role that allows one thing.
pub(super) fn inline_policy(place: &Place, name: &str, action: &str, resource: Node) -> Node {
    named_policy(place, name, vec![statement(place, &[action], resource)])
}
