//! `Policies` of functions and state machines: names, ARNs, documents, policy templates.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-templates.html>.
//! Templates and the paths of AWS managed policies are data of the package `aws-sam-translator`; `cargo xtask serverless`
//! writes them to `data/`.

use std::sync::{Arc, LazyLock};

use super::build::{list, map, sub, text};
use crate::error::SourceError;
use crate::node::{Node, NodeKind, Place, read_json_text};

const TEMPLATES: &str = include_str!("../../../../data/serverless-policy-templates.json");

/// The data, which stand nowhere in a template.
static DATA: LazyLock<Option<Node>> =
    LazyLock::new(|| read_json_text(&Arc::from("policy templates"), TEMPLATES).ok());

/// The policies of a role.
#[derive(Default)]
pub(super) struct RolePolicies {
    pub(super) managed: Vec<Node>,
    pub(super) inline: Vec<Node>,
}

impl RolePolicies {
    /// Adds what `Policies` says; inline policies are called after `role`.
    pub(super) fn add(&mut self, role: &str, policies: Option<&Node>) -> Result<(), SourceError> {
        let Some(policies) = policies else { return Ok(()) };
        let all = match &policies.kind {
            NodeKind::List(all) => all.as_slice(),
            _ => std::slice::from_ref(policies),
        };
        for (index, policy) in all.iter().enumerate() {
            self.policy(&format!("{role}Policy{index}"), policy)?;
        }
        Ok(())
    }

    /// Adds an AWS managed policy.
    pub(super) fn aws_managed(&mut self, place: &Place, path: &str) {
        self.managed.push(aws_managed(place, path));
    }

    fn policy(&mut self, name: &str, policy: &Node) -> Result<(), SourceError> {
        let place = &policy.place;
        if let Some(text) = policy.as_text() {
            self.managed.push(match text.starts_with("arn:") {
                true => policy.clone(),
                false => aws_managed(place, path_of(text).as_str()),
            });
            return Ok(());
        }
        let document = match policy.members() {
            [(key, value)] if key.name == "Fn::If" => {
                let (managed, document) = choice(value)?;
                if let Some(document) = document {
                    self.inline.push(named(place, name, document));
                }
                self.managed.extend(managed);
                return Ok(());
            }
            _ => document(policy)?,
        };
        match document {
            Some(document) => self.inline.push(named(place, name, document)),
            None => self.managed.push(policy.clone()), // A reference to a managed policy.
        }
        Ok(())
    }
}

fn named(place: &Place, name: &str, document: Node) -> Node {
    map(place, vec![("PolicyName", text(place, name)), ("PolicyDocument", document)])
}

fn aws_managed(place: &Place, path: &str) -> Node {
    sub(place, &format!("arn:${{AWS::Partition}}:iam::aws:policy/{path}"), Vec::new())
}

/// The path of an AWS managed policy with its name.
fn path_of(name: &str) -> String {
    let paths = DATA.as_ref().and_then(|data| data.get("ManagedPolicyPaths"));
    let path = paths.and_then(|paths| paths.get(name)).and_then(Node::as_text);
    path.map_or_else(|| name.to_owned(), |path| format!("{path}{name}"))
}

/// A choice between policies: the ARN or the document that comes of it.
fn choice(arguments: &Node) -> Result<(Option<Node>, Option<Node>), SourceError> {
    let place = &arguments.place;
    let [condition, then, otherwise] = arguments.elements() else {
        return Err(place.problem("`Fn::If` takes a condition and the values for true and false"));
    };
    let nothing = || super::build::reference(place, "AWS::NoValue");
    let mut managed = Vec::new();
    let mut documents = Vec::new();
    for branch in [then, otherwise] {
        let (arn, own) = match (branch.as_text(), document(branch)?) {
            (Some(name), _) if !name.starts_with("arn:") => {
                (aws_managed(place, &path_of(name)), None)
            }
            (_, None) => (branch.clone(), None),
            (_, Some(document)) => (nothing(), Some(document)),
        };
        managed.push(arn);
        documents.push(own);
    }
    let choose = |all: Vec<Node>| {
        let arguments = std::iter::once(condition.clone()).chain(all).collect();
        map(place, vec![("Fn::If", list(place, arguments))])
    };
    let has_managed = documents.iter().any(Option::is_none);
    let has_document = documents.iter().any(Option::is_some);
    let empty = || map(place, vec![("Statement", list(place, Vec::new()))]);
    let documents = documents.into_iter().map(|own| own.unwrap_or_else(empty)).collect();
    Ok((has_managed.then(|| choose(managed)), has_document.then(|| choose(documents))))
}

/// The document that a policy is, or that a policy template makes; nothing when it is neither.
fn document(policy: &Node) -> Result<Option<Node>, SourceError> {
    if policy.get("Statement").is_some() {
        return Ok(Some(policy.clone()));
    }
    let [(key, values)] = policy.members() else { return Ok(None) };
    let templates = DATA.as_ref().and_then(|data| data.get("Templates"));
    let Some(template) = templates.and_then(|all| all.get(&key.name)) else { return Ok(None) };
    for (parameter, _) in template.get("Parameters").map(Node::members).unwrap_or_default() {
        if values.get(&parameter.name).is_none() {
            let message = format!("the policy template `{}` needs `{}`", key.name, parameter.name);
            return Err(key.place.problem(message));
        }
    }
    Ok(template.get("Definition").map(|definition| filled(definition, values, &key.place)))
}

/// The definition with the values of its parameters, standing at `place`.
fn filled(node: &Node, values: &Node, place: &Place) -> Node {
    let kind = match &node.kind {
        NodeKind::List(all) => {
            NodeKind::List(all.iter().map(|own| filled(own, values, place)).collect())
        }
        NodeKind::Map(members) => {
            if let [(key, value)] = members.as_slice()
                && key.name == "Ref"
                && let Some(value) = value.as_text().and_then(|name| values.get(name))
            {
                return value.clone();
            }
            let member = |(key, value): &(crate::node::Key, Node)| {
                let key = crate::node::Key { name: key.name.clone(), place: place.clone() };
                (key, filled(value, values, place))
            };
            NodeKind::Map(members.iter().map(member).collect())
        }
        kind => kind.clone(),
    };
    Node { place: place.clone(), kind }
}
