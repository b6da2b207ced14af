//! Templates written as JSON.

use std::sync::Arc;

use ringfence_policy::json::{Kind, Value};
use ringfence_policy::location::{ByteSpan, LineIndex};

use super::{Key, Node, NodeKind, Place};
use crate::error::SourceError;
use crate::file::parse_tree;
use crate::part::{Part, TOP};

pub(super) fn read(file: &Arc<str>, text: &str) -> Result<Node, SourceError> {
    let parsed = parse_tree(text).map_err(|problem| SourceError::new(file, problem))?;
    let part = Part::new(file, text, TOP);
    if let Some(error) = part.not_json(&parsed).or_else(|| part.said_twice(&parsed)) {
        return Err(error);
    }
    Ok(Reader { file, lines: LineIndex::new(text) }.node(&parsed.value))
}

struct Reader<'t> {
    file: &'t Arc<str>,
    lines: LineIndex<'t>,
}

impl Reader<'_> {
    fn place(&self, span: ByteSpan) -> Place {
        let span = self.lines.span(span);
        Place { file: Arc::clone(self.file), start: span.start, end: span.end }
    }

    fn node(&self, value: &Value<'_>) -> Node {
        let kind = match &value.kind {
            Kind::Null | Kind::Invalid => NodeKind::Null,
            Kind::Boolean(truth) => NodeKind::Boolean(*truth),
            Kind::Number(number) => NodeKind::Number((*number).to_owned()),
            Kind::String(text) => NodeKind::Text(text.to_string()),
            Kind::Array(elements) => {
                NodeKind::List(elements.iter().map(|element| self.node(element)).collect())
            }
            Kind::Object(members) => {
                let member = |member: &ringfence_policy::json::Member<'_>| {
                    let place = self.place(member.key.span);
                    (Key { name: member.key.value.to_string(), place }, self.node(&member.value))
                };
                NodeKind::Map(members.iter().map(member).collect())
            }
        };
        Node { place: self.place(value.span), kind }
    }
}
