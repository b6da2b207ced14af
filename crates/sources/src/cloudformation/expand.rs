//! `Fn::ForEach`: members that stand for one member for each element of a list.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html>

use std::collections::BTreeMap;

use crate::error::SourceError;
use crate::node::{Key, Node, NodeKind};
use crate::planned::Planned;

/// More values than this are not made.
const MAX_MADE: usize = 500_000;

/// The template without loops.
pub(super) fn loops(
    template: Node,
    parameters: &BTreeMap<String, Planned>,
) -> Result<Node, SourceError> {
    if !has_loop(&template) {
        return Ok(template);
    }
    let mut expansion = Expansion { parameters, bound: Vec::new(), made: 0 };
    expansion.node(&template)
}

fn has_loop(node: &Node) -> bool {
    let in_member =
        |(key, value): &(Key, Node)| key.name.starts_with("Fn::ForEach") || has_loop(value);
    node.members().iter().any(in_member) || node.elements().iter().any(has_loop)
}

struct Expansion<'p> {
    parameters: &'p BTreeMap<String, Planned>,
    /// The identifiers of the loops around, with their values.
    bound: Vec<(String, String)>,
    made: usize,
}

impl Expansion<'_> {
    fn node(&mut self, node: &Node) -> Result<Node, SourceError> {
        self.made += 1;
        if self.made > MAX_MADE {
            return Err(node
                .place
                .problem(format!("the loops of the template make more than {MAX_MADE} values")));
        }
        let kind = match &node.kind {
            NodeKind::Text(text) => NodeKind::Text(self.replaced(text)),
            NodeKind::List(all) => {
                NodeKind::List(all.iter().map(|own| self.node(own)).collect::<Result<_, _>>()?)
            }
            NodeKind::Map(members) => {
                if let [(key, value)] = members.as_slice()
                    && key.name == "Ref"
                    && let Some(bound) = value.as_text().and_then(|name| self.value_of(name))
                {
                    let kind = NodeKind::Text(bound.to_owned());
                    return Ok(Node { place: node.place.clone(), kind });
                }
                let mut made = Vec::new();
                for (key, value) in members {
                    match key.name.strip_prefix("Fn::ForEach::") {
                        Some(_) => self.each(value, &mut made)?,
                        None => {
                            let name = self.replaced(&key.name);
                            made.push((Key { name, place: key.place.clone() }, self.node(value)?));
                        }
                    }
                }
                NodeKind::Map(made)
            }
            NodeKind::Null | NodeKind::Boolean(_) | NodeKind::Number(_) => node.kind.clone(),
        };
        Ok(Node { place: node.place.clone(), kind })
    }

    fn each(&mut self, body: &Node, into: &mut Vec<(Key, Node)>) -> Result<(), SourceError> {
        let [identifier, collection, members] = body.elements() else {
            let message = "`Fn::ForEach` takes an identifier, a list and an object of members";
            return Err(body.place.problem(message));
        };
        let identifier = identifier.as_text().unwrap_or_default().to_owned();
        for value in self.collection(collection)? {
            self.bound.push((identifier.clone(), value));
            let made = self.node(members);
            self.bound.pop();
            if let NodeKind::Map(made) = made?.kind {
                into.extend(made);
            }
        }
        Ok(())
    }

    fn collection(&mut self, node: &Node) -> Result<Vec<String>, SourceError> {
        if let Some(name) = node.get("Ref").and_then(Node::as_text) {
            let elements = self.parameters.get(name).map(Planned::one_or_many);
            let texts: Option<Vec<String>> =
                elements.and_then(|all| all.iter().map(Planned::as_known_text).collect());
            let message = || {
                format!("the list `{name}` of `Fn::ForEach` is not a parameter with a known value")
            };
            return texts.ok_or_else(|| node.place.problem(message()));
        }
        let NodeKind::List(_) = &node.kind else {
            return Err(node
                .place
                .problem("`Fn::ForEach` takes a list or a reference to a parameter here"));
        };
        let mut all = Vec::new();
        for element in node.elements() {
            match self.node(element)?.as_text() {
                Some(text) => all.push(text.to_owned()),
                None => all.extend(self.collection(element)?),
            }
        }
        Ok(all)
    }

    fn value_of(&self, identifier: &str) -> Option<&str> {
        self.bound.iter().rev().find(|(own, _)| own == identifier).map(|(_, value)| value.as_str())
    }

    /// The text with the values of identifiers in their places; `&{…}` leaves out what names may not hold.
    fn replaced(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (identifier, value) in self.bound.iter().rev() {
            text = text.replace(&format!("${{{identifier}}}"), value);
            let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
            text = text.replace(&format!("&{{{identifier}}}"), &plain);
        }
        text
    }
}
