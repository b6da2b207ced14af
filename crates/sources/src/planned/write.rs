//! Writes a policy as JSON and keeps where in the template each of its tokens stands.

use ringfence_access::inventory::TokenPlaces;
use ringfence_policy::json::escape;

use crate::node::{Key, Node, NodeKind, Place};

/// The policy as JSON, a member a line, and the places of its tokens.
pub(super) fn write(document: &Node) -> (String, TokenPlaces) {
    let mut writer = Writer { text: String::new(), places: TokenPlaces::default(), depth: 0 };
    writer.node(document);
    (writer.text, writer.places)
}

struct Writer {
    text: String,
    places: TokenPlaces,
    depth: usize,
}

impl Writer {
    fn start(&mut self, place: &Place) {
        self.places.add(self.text.len(), place.start);
    }

    fn end(&mut self, place: &Place) {
        self.places.add(self.text.len(), place.end);
    }

    fn node(&mut self, node: &Node) {
        self.start(&node.place);
        match &node.kind {
            NodeKind::Null => self.text.push_str("null"),
            NodeKind::Boolean(truth) => self.text.push_str(&truth.to_string()),
            NodeKind::Number(text) => self.text.push_str(&number(text)),
            NodeKind::Text(text) => self.quoted(text),
            NodeKind::List(all) if all.iter().all(is_scalar) => {
                self.text.push('[');
                for (index, one) in all.iter().enumerate() {
                    self.text.push_str(if index > 0 { ", " } else { "" });
                    self.node(one);
                }
                self.text.push(']');
            }
            NodeKind::List(all) => {
                self.lines('[', ']', all, |writer, one| writer.node(one));
            }
            NodeKind::Map(all) => self.lines('{', '}', all, |writer, (key, value)| {
                writer.key(key);
                writer.node(value);
            }),
        }
        self.end(&node.place);
    }

    fn key(&mut self, key: &Key) {
        self.start(&key.place);
        self.quoted(&key.name);
        self.end(&key.place);
        self.text.push_str(": ");
    }

    fn quoted(&mut self, text: &str) {
        self.text.push_str(&escape(text));
    }

    fn lines<T>(
        &mut self,
        open: char,
        close: char,
        all: &[T],
        mut each: impl FnMut(&mut Self, &T),
    ) {
        self.text.push(open);
        self.depth += 1;
        for (index, one) in all.iter().enumerate() {
            self.text.push_str(if index > 0 { "," } else { "" });
            self.line();
            each(self, one);
        }
        self.depth -= 1;
        if !all.is_empty() {
            self.line();
        }
        self.text.push(close);
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.push_str(&"  ".repeat(self.depth));
    }
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node.kind, NodeKind::List(_) | NodeKind::Map(_))
}

/// A number that JSON cannot spell so, such as `012`, becomes a string.
fn number(text: &str) -> String {
    let parsed = ringfence_policy::json::parse(text);
    match parsed.diagnostics.is_empty() {
        true => text.to_owned(),
        false => escape(text),
    }
}
