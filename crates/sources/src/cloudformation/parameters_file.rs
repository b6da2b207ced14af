//! Parameters in a file, in the shapes that AWS's tools take: the CLI's list, CodePipeline's `Parameters` object, or a
//! plain object.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::SourceError;
use crate::file::{name_of, read_text};
use crate::node::{self, Node};

/// Reads a file of parameters.
///
/// # Errors
/// When it cannot be read or has none of the shapes.
pub fn read_parameters_file(path: &Path) -> Result<BTreeMap<String, String>, SourceError> {
    let file = name_of(path);
    let text = read_text(path, &file)?;
    // A list is no template, but JSON is YAML.
    let root = node::read(&file, &text)?;
    let value = |node: &Node| {
        let list: Vec<&str> = node.elements().iter().filter_map(Node::as_text).collect();
        match node.as_text() {
            Some(text) => Ok(text.to_owned()),
            None if !node.elements().is_empty() && list.len() == node.elements().len() => {
                Ok(list.join(","))
            }
            None => Err(node.place.problem(format!(
                "the value of a parameter is a string, not {}",
                node.type_name()
            ))),
        }
    };
    if matches!(root.kind, node::NodeKind::List(_)) {
        let pair = |element: &Node| {
            let key = element.get("ParameterKey").and_then(Node::as_text);
            match (key, element.get("ParameterValue")) {
                (Some(key), Some(found)) => Ok((key.to_owned(), value(found)?)),
                _ => Err(element
                    .place
                    .problem("a parameter has `ParameterKey` and `ParameterValue`")),
            }
        };
        return root.elements().iter().map(pair).collect();
    }
    let members = root.get("Parameters").unwrap_or(&root);
    if members.members().is_empty() && root.members().is_empty() {
        return Err(root.place.problem(
            "parameters are a list of `ParameterKey` and `ParameterValue`, or an object of names and values",
        ));
    }
    members.members().iter().map(|(key, node)| Ok((key.name.clone(), value(node)?))).collect()
}
