//! Stacks within stacks, where their templates are files beside the outer one.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudformation-stack.html>

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::stack::{Environment, Stack};
use crate::assembly::PlannedResource;
use crate::error::{SourceError, SourceProblem};
use crate::file::{name_of, read_text};
use crate::node::{self, Node, Place};
use crate::planned::{Planned, Presence, Text, Unknown};

/// Stacks are not read deeper than this.
const MAX_DEPTH: usize = 10;

/// The resources of a nested stack; its outputs are kept.
pub(super) fn resources(
    stack: &Stack,
    name: &str,
    node: &Node,
    presence: &Presence,
) -> Vec<PlannedResource> {
    match read(stack, name, node) {
        Ok(mut resources) => {
            if let Presence::Possible(_) = presence {
                resources.iter_mut().for_each(|own| own.presence = presence.clone());
            }
            resources
        }
        Err(error) => {
            let mut entry = error.into_not_analyzed();
            entry.reason = format!("the nested stack `{name}` is not analyzed: {}", entry.reason);
            entry.resource_type = Some("AWS::CloudFormation::Stack".to_owned());
            stack.add_not_analyzed([entry]);
            Vec::new()
        }
    }
}

fn read(stack: &Stack, name: &str, node: &Node) -> Result<Vec<PlannedResource>, SourceError> {
    let nested = nested(stack, name, node)?;
    let (resources, outputs) = nested.resources()?;
    stack.add_not_analyzed(nested.take_not_analyzed());
    stack.outputs.borrow_mut().insert(name.to_owned(), outputs);
    Ok(resources)
}

fn nested(stack: &Stack, name: &str, node: &Node) -> Result<Stack, SourceError> {
    let outer = &stack.environment;
    let properties = node.get("Properties");
    let location =
        properties.and_then(|own| own.get("TemplateURL").or_else(|| own.get("Location")));
    let Some(location) = location else {
        return Err(node.place.problem("it has no `TemplateURL`"));
    };
    let place = &location.place;
    let path = local_path(outer, &stack.text(location)?)
        .ok_or_else(|| place.problem("its template is no file beside this one"))?;
    if outer.outer.len() >= MAX_DEPTH || outer.outer.contains(&path) {
        return Err(place.problem("stacks are nested too deep, or in a circle"));
    }
    let mut given = BTreeMap::new();
    for (key, node) in
        properties.and_then(|own| own.get("Parameters")).map(Node::members).unwrap_or_default()
    {
        if let Some(value) = stack.value(node)? {
            given.insert(key.name.clone(), value);
        }
    }
    let file = name_of(&path);
    let template = node::read(&file, &read_text(&path, &file)?)?;
    let environment = Environment {
        // CloudFormation puts an id behind the name, too.
        stack_name: format!("{}-{name}-*", outer.stack_name),
        path: format!("{}{name}/", outer.path),
        folder: path.parent().map(Path::to_path_buf).unwrap_or_default(),
        outer: outer.outer.iter().cloned().chain([path.clone()]).collect(),
        ..outer.clone()
    };
    Stack::new(template, environment, given).map_err(|error| match &error.problem {
        // A parameter is missing in the file where it could be given.
        SourceProblem::Shape(reason) => SourceError::at(
            &error.file,
            error.position.unwrap_or(place.start),
            SourceProblem::Shape(reason.clone()),
        ),
        _ => error,
    })
}

fn local_path(environment: &Environment, location: &Text) -> Option<PathBuf> {
    let text = location.as_known()?;
    if text.contains("://") {
        return None;
    }
    let path = environment.folder.join(text);
    path.is_file().then_some(path)
}

/// An output of a nested stack.
pub(super) fn output(
    stack: &Stack,
    name: &str,
    output: &str,
    place: &Place,
) -> Result<Planned, SourceError> {
    if !stack.outputs.borrow().contains_key(name)
        && let Some(node) = stack.resource(name)
        && node.get("Type").and_then(Node::as_text) == Some("AWS::CloudFormation::Stack")
        && let Ok(nested) = nested(stack, name, node)
    {
        let (_, outputs) = nested.resources()?;
        stack.outputs.borrow_mut().insert(name.to_owned(), outputs);
    }
    let outputs = stack.outputs.borrow();
    if let Some(found) = outputs.get(name).and_then(|all| all.get(output)) {
        return Ok(super::functions::moved(found, place));
    }
    let reason = format!("the output `{output}` of the stack `{name}` is not known");
    let identity = format!("output:{}{name}.{output}", stack.environment.path);
    Ok(Planned::unknown(place, Unknown::new(identity, "*", reason, place)))
}
