//! Values of a template with the place of each, whether the template is written as YAML or as JSON.
//!
//! Short forms of functions (`!Ref x`) are read as what they are short for (`{"Ref": "x"}`), so that nothing behind
//! this module knows how a template was written.

mod json;
mod yaml;

use std::sync::Arc;

use ringfence_policy::location::Position;

use crate::error::{SourceError, SourceProblem};

/// Values nested deeper than this are not read.
const MAX_DEPTH: usize = 128;

/// Templates of more values are not read; an alias counts as all that it stands for. CloudFormation takes
/// templates of at most a megabyte: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>.
const MAX_NODES: usize = 500_000;

/// Where something stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: Arc<str>,
    pub(crate) start: Position,
    pub(crate) end: Position,
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) kind: NodeKind,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum NodeKind {
    Null,
    Boolean(bool),
    /// A number, as it is spelled.
    Number(String),
    Text(String),
    List(Vec<Node>),
    /// The members in their order; no name stands twice.
    Map(Vec<(Key, Node)>),
}

/// The name of a member.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) place: Place,
}

/// Reads a template, which is JSON when it starts with a brace and YAML otherwise.
pub(crate) fn read(file: &Arc<str>, text: &str) -> Result<Node, SourceError> {
    let looks_like_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    match looks_like_json {
        true => json::read(file, text),
        false => yaml::read(file, text),
    }
}

/// Reads the text of a policy that stands in a string of a template.
pub(crate) fn read_json_text(file: &Arc<str>, text: &str) -> Result<Node, SourceError> {
    json::read(file, text)
}

impl Node {
    /// The members of a map, nothing for any other value.
    pub(crate) fn members(&self) -> &[(Key, Node)] {
        match &self.kind {
            NodeKind::Map(members) => members,
            _ => &[],
        }
    }

    /// The elements of a list, nothing for any other value.
    pub(crate) fn elements(&self) -> &[Node] {
        match &self.kind {
            NodeKind::List(elements) => elements,
            _ => &[],
        }
    }

    /// The member called `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        self.members().iter().find(|(key, _)| key.name == name).map(|(_, value)| value)
    }

    /// The text of a string or number.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Text(text) | NodeKind::Number(text) => Some(text),
            _ => None,
        }
    }

    /// What it is, with its article, for messages.
    pub(crate) fn type_name(&self) -> &'static str {
        match &self.kind {
            NodeKind::Null => "nothing",
            NodeKind::Boolean(_) => "a boolean",
            NodeKind::Number(_) => "a number",
            NodeKind::Text(_) => "a string",
            NodeKind::List(_) => "a list",
            NodeKind::Map(_) => "an object",
        }
    }
}

impl Place {
    pub(crate) fn problem(&self, message: impl Into<String>) -> SourceError {
        SourceError::at(&self.file, self.start, SourceProblem::Shape(message.into()))
    }
}
