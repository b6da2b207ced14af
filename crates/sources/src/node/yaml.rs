//! Templates written as YAML: short forms of functions, anchors, aliases and merge keys.
//!
//! CloudFormation reads YAML 1.1 with a few exceptions:
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html>. So `yes` and `on` are
//! booleans. What a number or boolean is spelled like is kept where it is used as text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use ringfence_policy::location::Position;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use super::{Key, MAX_DEPTH, MAX_NODES, Node, NodeKind, Place};
use crate::error::{SourceError, SourceProblem};
use crate::file::MAX_VALUES;

/// The functions that have a short form with `Fn::` in their long one.
const FUNCTIONS: &[&str] = &[
    "And",
    "Base64",
    "Cidr",
    "Equals",
    "FindInMap",
    "ForEach",
    "GetAZs",
    "GetAtt",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
];

pub(super) fn read(file: &Arc<str>, text: &str) -> Result<Node, SourceError> {
    let mut reader =
        Reader { file, open: Vec::new(), anchors: BTreeMap::new(), nodes: 0, root: None };
    let mut documents = 0;
    let mut events = 0_usize;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let message = format!("the template is not readable YAML: {}", error.info());
            SourceError::at(file, position(*error.marker()), SourceProblem::Shape(message))
        })?;
        events += 1;
        if events > MAX_VALUES {
            return Err(SourceError::new(file, SourceProblem::TooManyValues(events)));
        }
        if let Event::DocumentStart(_) = event {
            documents += 1;
            if documents > 1 {
                return Err(reader
                    .place(span)
                    .problem("a template is one YAML document; here a second one starts"));
            }
        }
        reader.event(event, span)?;
    }
    let empty = || SourceError::new(file, SourceProblem::Shape("the template is empty".to_owned()));
    reader.root.ok_or_else(empty)
}

struct Reader<'f> {
    file: &'f Arc<str>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, (Node, usize)>,
    nodes: usize,
    root: Option<Node>,
}

/// A list or map that is being read.
struct Open {
    start: Position,
    anchor: usize,
    function: Option<String>,
    before: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { members: Vec<(Key, Node)>, key: Option<Key>, merged: Vec<Node> },
}

fn position(marker: Marker) -> Position {
    Position { line: marker.line(), column: marker.col(), offset: marker.index() }
}

impl Reader<'_> {
    fn place(&self, span: Span) -> Place {
        Place { file: Arc::clone(self.file), start: position(span.start), end: position(span.end) }
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), SourceError> {
        let place = self.place(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let before = self.count(&place, 1)?;
                let function = function(tag, &place)?;
                let kind = scalar(&text, style, function == Some(Function::Plain));
                let node = Node { place, kind };
                self.close(node, anchor, function.and_then(Function::name), before)
            }
            Event::SequenceStart(anchor, tag) => {
                self.open(&place, anchor, tag, Content::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                let content = Content::Map { members: Vec::new(), key: None, merged: Vec::new() };
                self.open(&place, anchor, tag, content)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(&place),
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor) else {
                    return Err(place.problem("an alias stands inside of what its anchor names"));
                };
                let (node, size) = (node.clone(), *size);
                self.count(&place, size)?;
                self.add(node)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    /// Adds to the number of values; gives how many there were.
    fn count(&mut self, place: &Place, more: usize) -> Result<usize, SourceError> {
        let before = self.nodes;
        self.nodes += more;
        match self.nodes > MAX_NODES {
            true => Err(place.problem(format!(
                "the template has more than {MAX_NODES} values up to here, those that aliases stand for included; \
                 no more are read"
            ))),
            false => Ok(before),
        }
    }

    fn open(
        &mut self,
        place: &Place,
        anchor: usize,
        tag: Option<Cow<'_, Tag>>,
        content: Content,
    ) -> Result<(), SourceError> {
        let before = self.count(place, 1)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(
                place.problem(format!("values are nested deeper than {MAX_DEPTH} levels here"))
            );
        }
        let function = function(tag, place)?.and_then(Function::name);
        self.open.push(Open { start: place.start, anchor, function, before, content });
        Ok(())
    }

    fn end(&mut self, place: &Place) -> Result<(), SourceError> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let (kind, last) = match open.content {
            Content::List(elements) => {
                let last = elements.last().map(|own| own.place.end);
                (NodeKind::List(elements), last)
            }
            Content::Map { members, merged, .. } => {
                let last = members.last().map(|(_, own)| own.place.end);
                (NodeKind::Map(merge(members, merged)), last)
            }
        };
        // A block ends where its last value does; the parser only notices at the next token.
        let end = if place.end.offset > place.start.offset {
            place.end
        } else {
            last.unwrap_or(place.end)
        };
        let place = Place { file: Arc::clone(self.file), start: open.start, end };
        self.close(Node { place, kind }, open.anchor, open.function, open.before)
    }

    fn close(
        &mut self,
        node: Node,
        anchor: usize,
        function: Option<String>,
        before: usize,
    ) -> Result<(), SourceError> {
        let node = match function {
            None => node,
            Some(name) => {
                let key = Key { name, place: node.place.clone() };
                Node { place: node.place.clone(), kind: NodeKind::Map(vec![(key, node)]) }
            }
        };
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), self.nodes - before));
        }
        self.add(node)
    }

    fn add(&mut self, node: Node) -> Result<(), SourceError> {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::List(elements)) => elements.push(node),
            Some(Content::Map { members, key, merged }) => match key.take() {
                None => *key = Some(name(&node)?),
                Some(own) if own.name == "<<" => match node.kind {
                    NodeKind::List(elements) => merged.extend(elements),
                    _ => merged.push(node),
                },
                Some(own) if members.iter().any(|(other, _)| other.name == own.name) => {
                    return Err(own
                        .place
                        .problem(format!("`{}` stands twice in this object", own.name)));
                }
                Some(own) => members.push((own, node)),
            },
        }
        Ok(())
    }
}

/// The members with those of the merged maps behind them, of which the first that says something counts.
fn merge(mut members: Vec<(Key, Node)>, merged: Vec<Node>) -> Vec<(Key, Node)> {
    for node in merged {
        let NodeKind::Map(others) = node.kind else { continue };
        for (key, value) in others {
            if !members.iter().any(|(own, _)| own.name == key.name) {
                members.push((key, value));
            }
        }
    }
    members
}

fn name(node: &Node) -> Result<Key, SourceError> {
    let name = match &node.kind {
        NodeKind::Text(text) | NodeKind::Number(text) => text.clone(),
        NodeKind::Boolean(truth) => truth.to_string(),
        NodeKind::Null => "null".to_owned(),
        NodeKind::List(_) | NodeKind::Map(_) => {
            return Err(node
                .place
                .problem("the name of a member is a text, not a list or an object"));
        }
    };
    Ok(Key { name, place: node.place.clone() })
}

/// What a tag means.
#[derive(PartialEq, Eq)]
enum Function {
    /// A string, whatever it looks like.
    Plain,
    Named(String),
}

impl Function {
    fn name(self) -> Option<String> {
        match self {
            Self::Plain => None,
            Self::Named(name) => Some(name),
        }
    }
}

fn function(tag: Option<Cow<'_, Tag>>, place: &Place) -> Result<Option<Function>, SourceError> {
    let Some(tag) = tag else { return Ok(None) };
    if tag.is_yaml_core_schema() {
        return Ok((tag.suffix == "str").then_some(Function::Plain));
    }
    let own = tag.suffix.trim_start_matches('!');
    let named = |name: String| Ok(Some(Function::Named(name)));
    match own {
        "" => Ok(Some(Function::Plain)),
        "Ref" | "Condition" => named(own.to_owned()),
        _ if FUNCTIONS.contains(&own) => named(format!("Fn::{own}")),
        _ => Err(place.problem(format!("`!{own}` is no function of CloudFormation"))),
    }
}

fn scalar(text: &str, style: ScalarStyle, is_text: bool) -> NodeKind {
    if style != ScalarStyle::Plain || is_text {
        return NodeKind::Text(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return NodeKind::Null,
        _ => {}
    }
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => return NodeKind::Boolean(true),
        "false" | "no" | "off" => return NodeKind::Boolean(false),
        _ => {}
    }
    match text.parse::<f64>() {
        Ok(number)
            if number.is_finite()
                && text.bytes().all(|own| own.is_ascii_digit() || b"+-.eE".contains(&own)) =>
        {
            NodeKind::Number(text.to_owned())
        }
        _ => NodeKind::Text(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(node: &Node) -> String {
        match &node.kind {
            NodeKind::Null => "null".to_owned(),
            NodeKind::Boolean(truth) => truth.to_string(),
            NodeKind::Number(text) => text.clone(),
            NodeKind::Text(text) => format!("{text:?}"),
            NodeKind::List(all) => {
                format!("[{}]", all.iter().map(shown).collect::<Vec<_>>().join(", "))
            }
            NodeKind::Map(all) => {
                let member = |(key, value): &(Key, Node)| format!("{}: {}", key.name, shown(value));
                format!("{{{}}}", all.iter().map(member).collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn yaml(text: &str) -> String {
        match read(&Arc::from("t.yaml"), text) {
            Ok(node) => shown(&node),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn reads_short_forms_and_scalars() {
        assert_eq!(
            yaml("a: !GetAtt B.Arn\nb: !If [c, !Ref d, '5']"),
            r#"{a: {Fn::GetAtt: "B.Arn"}, b: {Fn::If: ["c", {Ref: "d"}, "5"]}}"#
        );
        assert_eq!(
            yaml("- yes\n- 2012-10-17\n- 012\n- ~\n- !!str 5\n- 1e3\n- '*'"),
            r#"[true, "2012-10-17", 012, null, "5", 1e3, "*"]"#
        );
        assert_eq!(
            yaml("a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2"),
            "{a: {b: 1}, c: {b: 1}, d: {e: 2, b: 1}}"
        );
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        assert_eq!(
            yaml("a:\n  b: !Foo c"),
            "`t.yaml`, line 2, column 5: `!Foo` is no function of CloudFormation"
        );
        assert_eq!(
            yaml("a: 1\na: 2"),
            "`t.yaml`, line 2, column 0: `a` stands twice in this object"
        );
        assert!(yaml("a: [1").contains("not readable YAML"), "{}", yaml("a: [1"));
        assert!(yaml("--- 1\n--- 2").contains("a second one starts"));
        assert!(yaml(&"- ".repeat(200)).contains("nested deeper"));
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let below = format!("*a{}, ", level - 1).repeat(10);
            bomb.push_str(&format!("a{level}: &a{level} [{below}]\n"));
        }
        assert!(yaml(&bomb).contains("more than 500000 values"), "{}", yaml(&bomb));
    }

    #[test]
    fn keeps_places() {
        let node = read(&Arc::from("t"), "a:\n  b:\n    - c: é\n      d: 1\ne: x\n").unwrap();
        let list = node.get("a").unwrap().get("b").unwrap();
        let first = &list.elements()[0];
        assert_eq!((first.place.start.line, first.place.start.column), (3, 6));
        assert_eq!((first.place.end.line, first.place.end.column), (4, 10));
    }
}
