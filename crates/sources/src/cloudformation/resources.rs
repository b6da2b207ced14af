//! The resources of a template.

use std::collections::BTreeMap;

use super::stack::Stack;
use super::{attributes, nested};
use crate::assembly::PlannedResource;
use crate::error::SourceError;
use crate::node::{Key, Node};
use crate::planned::{Planned, PlannedKind, Presence, Truth};

/// Values by name: the outputs of a template.
pub(super) type Outputs = BTreeMap<String, Planned>;

impl Stack {
    /// The resources of the template and of those nested in it, and its outputs. What is wrong with a resource
    /// becomes an entry of `not_analyzed`.
    pub(super) fn resources(&self) -> Result<(Vec<PlannedResource>, Outputs), SourceError> {
        let mut resources = Vec::new();
        for (key, node) in self.section("Resources") {
            let before = self.is_present(node);
            let presence = match before {
                Ok(Some(presence)) => presence,
                Ok(None) => continue,
                Err(error) => {
                    self.not_read(key, node, error);
                    continue;
                }
            };
            let resource_type = node.get("Type").and_then(Node::as_text).unwrap_or_default();
            if resource_type == "AWS::CloudFormation::Stack" {
                resources.extend(nested::resources(self, &key.name, node, &presence));
                continue;
            }
            match self.planned(key, node, resource_type, presence) {
                Ok(resource) => resources.push(resource),
                Err(error) => self.not_read(key, node, error),
            }
        }
        let mut outputs = BTreeMap::new();
        for (key, node) in self.section("Outputs") {
            let value = node.get("Value").map(|value| self.value(value));
            if let Some(Ok(Some(value))) = value {
                outputs.insert(key.name.clone(), value);
            }
        }
        Ok((resources, outputs))
    }

    /// Whether the resource will be there; nothing when its condition says that it will not.
    fn is_present(&self, node: &Node) -> Result<Option<Presence>, SourceError> {
        let Some(condition) = node.get("Condition") else { return Ok(Some(Presence::Certain)) };
        let Some(name) = condition.as_text() else {
            return Err(condition.place.problem("`Condition` takes the name of a condition"));
        };
        Ok(match self.condition(name, &condition.place)? {
            Truth::Yes => Some(Presence::Certain),
            Truth::No => None,
            Truth::Unknown(why) => Some(Presence::Possible(why)),
        })
    }

    fn planned(
        &self,
        key: &Key,
        node: &Node,
        resource_type: &str,
        presence: Presence,
    ) -> Result<PlannedResource, SourceError> {
        if resource_type.is_empty() {
            return Err(node.place.problem(format!("the resource `{}` has no `Type`", key.name)));
        }
        let properties = match node.get("Properties") {
            Some(properties) => self.value(properties)?,
            None => None,
        };
        // A finding points to the resource by its name.
        let mut properties =
            properties.unwrap_or_else(|| Planned::new(&key.place, PlannedKind::Map(Vec::new())));
        properties.place = key.place.clone();
        let identity = attributes::identity(self, &key.name, &key.place)?;
        Ok(PlannedResource {
            address: format!("{}{}", self.environment.path, key.name),
            resource_type: resource_type.to_owned(),
            properties,
            presence,
            arn: identity.as_ref().and_then(|own| own.arn.clone()),
            names: identity.map(|own| own.names()).unwrap_or_default(),
            whereabouts: self.environment.whereabouts.clone(),
        })
    }

    fn not_read(&self, key: &Key, node: &Node, error: SourceError) {
        let mut entry = error.into_not_analyzed();
        let resource_type = node.get("Type").and_then(Node::as_text);
        entry.reason = format!("the resource `{}`: {}", key.name, entry.reason);
        entry.resource_type = resource_type.map(str::to_owned);
        entry.account = Some(self.environment.whereabouts.account.clone());
        self.add_not_analyzed([entry]);
    }
}
