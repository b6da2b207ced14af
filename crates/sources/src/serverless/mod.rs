//! SAM templates as the CloudFormation templates that they become, as far as access depends on it: roles, policies,
//! permissions, URLs, tables, layers, nested stacks.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html>

mod authorizers;
mod build;
mod destinations;
mod events;
mod function;
mod globals;
mod policies;
mod polled;
mod references;
mod state_machine;

use std::collections::BTreeMap;

use ringfence_access::inventory::NotAnalyzed;

use crate::error::SourceError;
use crate::node::{Key, Node, NodeKind, Place};
use crate::planned::Planned;
use authorizers::Api;
use build::Made;

/// What SAM templates name by `Transform`.
const TRANSFORM: &str = "AWS::Serverless-2016-10-31";

/// The template without resources of SAM's own types.
pub(crate) fn translate(
    template: Node,
    parameters: &BTreeMap<String, Planned>,
    not_analyzed: &mut Vec<NotAnalyzed>,
) -> Result<Node, SourceError> {
    if !is_serverless(&template) {
        return Ok(template);
    }
    let globals = template.get("Globals").cloned();
    let place = template.place.clone();
    let NodeKind::Map(members) = template.kind else { return Ok(Node { place, ..template }) };
    let mut translated = Vec::with_capacity(members.len());
    let mut made = Made::new(parameters);
    for (key, value) in members {
        if key.name != "Resources" {
            translated.push((key, value));
            continue;
        }
        for (name, resource) in value.members() {
            made.resource(name, resource, globals.as_ref())?;
        }
        made.authorizers_of_implied_apis(globals.as_ref());
        let resources = std::mem::take(&mut made.resources);
        translated.push((key, Node { place: value.place, kind: NodeKind::Map(resources) }));
    }
    with_conditions(&mut translated, std::mem::take(&mut made.conditions), &place);
    not_analyzed.append(&mut made.not_analyzed);
    let template = Node { place, kind: NodeKind::Map(translated) };
    Ok(references::renamed(template, &made.renamed))
}

/// Puts conditions that were made to those of the template.
fn with_conditions(members: &mut Vec<(Key, Node)>, conditions: Vec<(Key, Node)>, place: &Place) {
    if conditions.is_empty() {
        return;
    }
    let present = members.iter_mut().find(|(key, _)| key.name == "Conditions");
    match present.map(|(_, node)| &mut node.kind) {
        Some(NodeKind::Map(all)) => all.extend(conditions),
        _ => {
            let key = Key { name: "Conditions".to_owned(), place: place.clone() };
            members.push((key, Node { place: place.clone(), kind: NodeKind::Map(conditions) }));
        }
    }
}

fn is_serverless(template: &Node) -> bool {
    let Some(transform) = template.get("Transform") else { return false };
    let named = |node: &Node| node.as_text() == Some(TRANSFORM);
    named(transform) || transform.elements().iter().any(named)
}

impl Made<'_> {
    /// Takes a resource of the template.
    fn resource(
        &mut self,
        name: &Key,
        resource: &Node,
        globals: Option<&Node>,
    ) -> Result<(), SourceError> {
        let resource_type = resource.get("Type").and_then(Node::as_text).unwrap_or_default();
        let Some(own) = resource_type.strip_prefix("AWS::Serverless::") else {
            if resource.get("Connectors").is_some() {
                self.not_worked_out(&name.place, "AWS::Serverless::Connector");
            }
            self.keep(name.clone(), resource.clone());
            return Ok(());
        };
        let properties = globals::with_globals(resource, globals.and_then(|all| all.get(own)));
        let resource = build::Resource {
            name,
            condition: resource.get("Condition").cloned(),
            properties: &properties,
        };
        match own {
            "Function" => function::function(self, &resource)?,
            "StateMachine" => state_machine::state_machine(self, &resource)?,
            "SimpleTable" => self.renamed_type(&resource, "AWS::DynamoDB::Table", &["TableName"]),
            "LayerVersion" => {
                self.renamed_type(&resource, "AWS::Lambda::LayerVersion", &["LayerName"]);
            }
            "Application" => self.application(&resource),
            "Api" => {
                self.renamed_type(&resource, "AWS::ApiGateway::RestApi", &["Name"]);
                if properties.get("Auth").is_some_and(|auth| auth.get("ResourcePolicy").is_some()) {
                    self.not_worked_out(&name.place, "AWS::ApiGateway::RestApi");
                }
                authorizers::of_api(
                    self,
                    name,
                    resource.condition.as_ref(),
                    Api::Rest,
                    &properties,
                );
            }
            "HttpApi" => {
                self.renamed_type(&resource, "AWS::ApiGatewayV2::Api", &["Name"]);
                authorizers::of_api(
                    self,
                    name,
                    resource.condition.as_ref(),
                    Api::Http,
                    &properties,
                );
            }
            _ => self.not_worked_out(&name.place, resource_type),
        }
        Ok(())
    }

    /// Permissions of the authorizers that the globals give to APIs which events imply.
    fn authorizers_of_implied_apis(&mut self, globals: Option<&Node>) {
        for (name, own, kind) in [
            (events::IMPLICIT_API, "Api", Api::Rest),
            (events::IMPLICIT_HTTP_API, "HttpApi", Api::Http),
        ] {
            let made = self.resources.iter().find(|(key, _)| key.name == name);
            let properties = globals.and_then(|all| all.get(own));
            if let (Some((key, _)), Some(properties)) = (made, properties) {
                let key = key.clone();
                authorizers::of_api(self, &key, None, kind, properties);
            }
        }
    }

    fn application(&mut self, resource: &build::Resource<'_>) {
        let place = &resource.name.place;
        let mut members = Vec::new();
        for (from, to) in [("Location", "TemplateURL"), ("Parameters", "Parameters")] {
            if let Some(value) = resource.properties.get(from) {
                members.push((to, value.clone()));
            }
        }
        self.add(
            resource,
            &resource.name.name.clone(),
            "AWS::CloudFormation::Stack",
            build::map(place, members),
        );
    }
}
