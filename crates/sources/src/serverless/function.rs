//! `AWS::Serverless::Function`: the function, its role, its URL, its alias, the permissions of its events.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html>

use super::build::{Made, Resource, attribute, inline_policy, list, map, reference, text, trust};
use super::policies::RolePolicies;
use super::{destinations, events, polled};
use crate::error::SourceError;
use crate::node::{Node, NodeKind};

pub(super) fn function(made: &mut Made<'_>, own: &Resource<'_>) -> Result<(), SourceError> {
    let (name, place) = (&own.name.name, &own.name.place);
    let properties = own.properties;
    let role = properties.get("Role").filter(|role| !matches!(role.kind, NodeKind::Null));
    let destinations = destinations::of_invocations(made, own)?;
    let role = match role {
        Some(role) => role.clone(),
        None => {
            implied_role(made, own, destinations)?;
            attribute(place, &format!("{name}Role"), "Arn")
        }
    };
    let mut kept = vec![("Role", role)];
    kept.extend(properties.get("FunctionName").map(|name| ("FunctionName", name.clone())));
    kept.extend(properties.get("Tags").map(|tags| ("Tags", tags.clone())));
    made.add(own, name, "AWS::Lambda::Function", map(place, kept));
    let called = called(made, own);
    url(made, own, &called);
    let events = properties.get("Events").map(Node::members).unwrap_or_default();
    for (key, event) in events {
        events::of_function(made, own, &called, key, event)?;
    }
    Ok(())
}

/// The name of what callers call: the function, or its alias where one is published.
fn called(made: &mut Made<'_>, own: &Resource<'_>) -> String {
    let (name, place) = (&own.name.name, &own.name.place);
    let alias = own.properties.get("AutoPublishAlias").and_then(|alias| made.literal(alias));
    let Some(alias) = alias else { return name.clone() };
    let letters: String = alias.chars().filter(char::is_ascii_alphanumeric).collect();
    let (version_id, alias_id) = (format!("{name}Version"), format!("{name}Alias{letters}"));
    let version = map(place, vec![("FunctionName", reference(place, name))]);
    made.add(own, &version_id, "AWS::Lambda::Version", version);
    let properties = map(
        place,
        vec![
            ("Name", text(place, &alias)),
            ("FunctionName", reference(place, name)),
            ("FunctionVersion", attribute(place, &version_id, "Version")),
        ],
    );
    made.add(own, &alias_id, "AWS::Lambda::Alias", properties);
    made.renamed.insert(format!("{name}.Alias"), alias_id.clone());
    made.renamed.insert(format!("{name}.Version"), version_id);
    alias_id
}

/// The role that a function without one gets.
fn implied_role(
    made: &mut Made<'_>,
    own: &Resource<'_>,
    destinations: Vec<Node>,
) -> Result<(), SourceError> {
    let (name, place) = (format!("{}Role", own.name.name), &own.name.place);
    let properties = own.properties;
    let mut policies = RolePolicies::default();
    let basic = match properties.get("DurableConfig") {
        Some(_) => "service-role/AWSLambdaBasicDurableExecutionRolePolicy",
        None => "service-role/AWSLambdaBasicExecutionRole",
    };
    policies.aws_managed(place, basic);
    let tracing = properties.get("Tracing").and_then(|own| made.literal(own));
    if matches!(tracing.as_deref(), Some("Active" | "PassThrough")) {
        policies.aws_managed(place, "AWSXrayWriteOnlyAccess");
    }
    if properties.get("VpcConfig").is_some() {
        policies.aws_managed(place, "service-role/AWSLambdaVPCAccessExecutionRole");
    }
    if let Some(queue) = properties.get("DeadLetterQueue")
        && let (Some(kind), Some(target)) = (queue.get("Type"), queue.get("TargetArn"))
    {
        let action = if made.literal(kind).as_deref() == Some("SNS") {
            "sns:Publish"
        } else {
            "sqs:SendMessage"
        };
        let policy = inline_policy(&queue.place, "DeadLetterQueuePolicy", action, target.clone());
        policies.inline.push(policy);
    }
    policies.inline.extend(destinations);
    policies.add(&name, properties.get("Policies"))?;
    for (key, event) in properties.get("Events").map(Node::members).unwrap_or_default() {
        policies.inline.extend(polled::policies(made, own, key, event)?);
        if let Some(path) = polled::managed_policy(event)
            && !policies.managed.iter().any(|own| format!("{:?}", own.kind).contains(path))
        {
            policies.aws_managed(place, path);
        }
    }
    let trust_policy = properties.get("AssumeRolePolicyDocument").cloned();
    let mut members = vec![
        (
            "AssumeRolePolicyDocument",
            trust_policy.unwrap_or_else(|| trust(place, "lambda.amazonaws.com")),
        ),
        ("ManagedPolicyArns", list(place, policies.managed)),
        ("Policies", list(place, policies.inline)),
    ];
    members.extend(properties.get("RolePath").map(|path| ("Path", path.clone())));
    let boundary = properties.get("PermissionsBoundary");
    members.extend(boundary.map(|own| ("PermissionsBoundary", own.clone())));
    made.add(own, &name, "AWS::IAM::Role", map(place, members));
    Ok(())
}

/// The function's URL. Everyone may call one without authorization.
fn url(made: &mut Made<'_>, own: &Resource<'_>, called: &str) {
    let Some(config) = own.properties.get("FunctionUrlConfig") else { return };
    let (name, place) = (&own.name.name, &config.place);
    let auth_type = config.get("AuthType").cloned().unwrap_or_else(|| text(place, "NONE"));
    let properties =
        vec![("TargetFunctionArn", reference(place, called)), ("AuthType", auth_type.clone())];
    made.add_at(place, own, &format!("{name}Url"), "AWS::Lambda::Url", map(place, properties));
    if made.literal(&auth_type).as_deref() == Some("AWS_IAM") {
        return;
    }
    let permission = |action: &str, condition: (&'static str, Node)| {
        let members = vec![
            ("Action", text(place, action)),
            ("FunctionName", reference(place, called)),
            ("Principal", text(place, "*")),
            condition,
        ];
        map(place, members)
    };
    let by_url =
        permission("lambda:InvokeFunctionUrl", ("FunctionUrlAuthType", text(place, "NONE")));
    let yes = Node { place: place.clone(), kind: NodeKind::Boolean(true) };
    let by_call = permission("lambda:InvokeFunction", ("InvokedViaFunctionUrl", yes));
    for (suffix, properties) in
        [("UrlPublicPermissions", by_url), ("URLInvokeAllowPublicAccess", by_call)]
    {
        made.add_at(place, own, &format!("{name}{suffix}"), "AWS::Lambda::Permission", properties);
    }
}
