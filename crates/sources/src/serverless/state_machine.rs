//! `AWS::Serverless::StateMachine`: the state machine, its role, the roles of its events.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html>

use super::build::{Made, Resource, list, map, trust};
use super::events;
use super::policies::RolePolicies;
use crate::error::SourceError;
use crate::node::Node;

pub(super) fn state_machine(made: &mut Made<'_>, own: &Resource<'_>) -> Result<(), SourceError> {
    let (name, place) = (&own.name.name, &own.name.place);
    let properties = own.properties;
    if properties.get("Role").is_none() {
        let role = format!("{name}Role");
        let mut policies = RolePolicies::default();
        if properties.get("Tracing").and_then(|own| own.get("Enabled")).is_some() {
            policies.aws_managed(place, "AWSXrayWriteOnlyAccess");
        }
        policies.add(&role, properties.get("Policies"))?;
        let mut members = vec![
            ("AssumeRolePolicyDocument", trust(place, "states.amazonaws.com")),
            ("ManagedPolicyArns", list(place, policies.managed)),
            ("Policies", list(place, policies.inline)),
        ];
        members.extend(properties.get("RolePath").map(|path| ("Path", path.clone())));
        let boundary = properties.get("PermissionsBoundary");
        members.extend(boundary.map(|own| ("PermissionsBoundary", own.clone())));
        made.add(own, &role, "AWS::IAM::Role", map(place, members));
    }
    let named = properties.get("Name").map(|name| ("StateMachineName", name.clone()));
    let kept = map(place, named.into_iter().collect());
    made.add(own, name, "AWS::StepFunctions::StateMachine", kept);
    for (key, event) in properties.get("Events").map(Node::members).unwrap_or_default() {
        events::of_state_machine(made, own, key, event);
    }
    Ok(())
}
