//! Events: the permissions by which services call a function, and the roles by which they start a state machine.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html>

use super::build::{
    Made, Resource, attribute, inline_policy, list, map, reference, sub, text, trust,
};
use super::destinations;
use crate::error::SourceError;
use crate::node::{Key, Node, Place};

/// The REST API of events that name none.
pub(super) const IMPLICIT_API: &str = "ServerlessRestApi";

/// The HTTP API of events that name none.
pub(super) const IMPLICIT_HTTP_API: &str = "ServerlessHttpApi";

/// What an event of a function makes.
pub(super) fn of_function(
    made: &mut Made<'_>,
    own: &Resource<'_>,
    called: &str,
    key: &Key,
    event: &Node,
) -> Result<(), SourceError> {
    let place = &key.place;
    let id = format!("{}{}", own.name.name, key.name);
    let empty = map(place, Vec::new());
    let properties = event.get("Properties").unwrap_or(&empty);
    let event_type = event.get("Type").and_then(Node::as_text).unwrap_or_default();
    let sub_arn = |service: &str, resource: &str, values| {
        let arn = format!(
            "arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}"
        );
        sub(place, &arn, values)
    };
    let (service, conditions): (&str, Vec<(&str, Node)>) = match event_type {
        "S3" => ("s3.amazonaws.com", vec![("SourceAccount", reference(place, "AWS::AccountId"))]),
        "SNS" if let Some(queue) = destinations::comes_by_queue(properties) => {
            return destinations::subscribed_queue(made, own, &id, properties.get("Topic"), queue);
        }
        "SNS" => {
            let topic = properties.get("Topic").map(|topic| ("SourceArn", topic.clone()));
            ("sns.amazonaws.com", topic.into_iter().collect())
        }
        "Schedule" | "EventBridgeRule" | "CloudWatchEvent" => {
            made.add_at(place, own, &id, "AWS::Events::Rule", rule(place, properties));
            let arn = attribute(place, &id, "Arn");
            destinations::dead_letter_queue(made, own, &id, properties, Some(arn.clone()));
            ("events.amazonaws.com", vec![("SourceArn", arn)])
        }
        "CloudWatchLogs" => {
            let group = properties.get("LogGroupName").cloned().unwrap_or_else(|| text(place, "*"));
            let arn = sub_arn(
                "logs",
                "log-group:${__LogGroupName__}:*",
                vec![("__LogGroupName__", group)],
            );
            ("logs.amazonaws.com", vec![("SourceArn", arn)])
        }
        "IoTRule" => {
            made.add_at(place, own, &id, "AWS::IoT::TopicRule", map(place, Vec::new()));
            let arn = sub_arn("iot", "rule/${RuleName}", vec![("RuleName", reference(place, &id))]);
            let account = reference(place, "AWS::AccountId");
            ("iot.amazonaws.com", vec![("SourceAccount", account), ("SourceArn", arn)])
        }
        "AlexaSkill" => {
            let token = properties.get("SkillId").map(|id| ("EventSourceToken", id.clone()));
            ("alexa-appkit.amazon.com", token.into_iter().collect())
        }
        "Cognito" => {
            let pool =
                properties.get("UserPool").and_then(|pool| pool.get("Ref")).and_then(Node::as_text);
            let arn = pool.map(|pool| ("SourceArn", attribute(place, pool, "Arn")));
            ("cognito-idp.amazonaws.com", arn.into_iter().collect())
        }
        "Api" | "HttpApi" => {
            let arn = called_by_api(made, own, place, event_type, properties);
            let suffix = if event_type == "Api" { "PermissionProd" } else { "Permission" };
            let conditions = vec![("SourceArn", arn)];
            let name = format!("{id}{suffix}");
            permission(made, own, place, &name, called, ("apigateway.amazonaws.com", conditions));
            return Ok(());
        }
        "ScheduleV2" => {
            // A reference to a function is its name, one to an alias is an ARN.
            let resource = match called == own.name.name {
                true => attribute(place, called, "Arn"),
                false => reference(place, called),
            };
            let policy = inline_policy(
                place,
                &format!("{id}LambdaPolicy"),
                "lambda:InvokeFunction",
                resource,
            );
            scheduled(made, own, &id, properties, policy);
            return Ok(());
        }
        _ => return Ok(()), // The function's role reads from the others.
    };
    permission(made, own, place, &format!("{id}Permission"), called, (service, conditions));
    Ok(())
}

/// A schedule's role, where nobody names one, and the queue for what it could not deliver.
fn scheduled(made: &mut Made<'_>, own: &Resource<'_>, id: &str, properties: &Node, policy: Node) {
    let place = &policy.place.clone();
    let queue = destinations::dead_letter_queue(made, own, id, properties, None);
    if properties.get("RoleArn").is_none() {
        let mut policies = vec![policy];
        let sending = queue.and_then(|queue| destinations::sending_to_queue(place, id, &queue));
        policies.extend(sending);
        let name = format!("{id}Role");
        role(made, own, place, &name, "scheduler.amazonaws.com", policies, properties);
    }
}

fn rule(place: &Place, properties: &Node) -> Node {
    let kept = ["Name", "EventBusName"]
        .iter()
        .filter_map(|name| Some((*name, properties.get(name)?.clone())));
    map(place, kept.collect())
}

fn permission(
    made: &mut Made<'_>,
    own: &Resource<'_>,
    place: &Place,
    name: &str,
    called: &str,
    (service, conditions): (&str, Vec<(&str, Node)>),
) {
    let mut members = vec![
        ("Action", text(place, "lambda:InvokeFunction")),
        ("FunctionName", reference(place, called)),
        ("Principal", text(place, service)),
    ];
    members.extend(conditions);
    made.add_at(place, own, name, "AWS::Lambda::Permission", map(place, members));
}

/// The ARN of the route of an API, which is made where the event names none.
fn called_by_api(
    made: &mut Made<'_>,
    own: &Resource<'_>,
    place: &Place,
    event_type: &str,
    properties: &Node,
) -> Node {
    if properties.get("Auth").is_some_and(|auth| auth.get("ResourcePolicy").is_some()) {
        made.not_worked_out(place, "AWS::ApiGateway::RestApi");
    }
    let (property, implicit, resource_type) = match event_type {
        "Api" => ("RestApiId", IMPLICIT_API, "AWS::ApiGateway::RestApi"),
        _ => ("ApiId", IMPLICIT_HTTP_API, "AWS::ApiGatewayV2::Api"),
    };
    let api = match properties.get(property) {
        Some(api) => api.clone(),
        None => {
            let shared = Resource { name: own.name, condition: None, properties: own.properties };
            made.add(&shared, implicit, resource_type, map(place, Vec::new()));
            reference(place, implicit)
        }
    };
    let literal = |name: &str| properties.get(name).and_then(|own| made.literal(own));
    let path = literal("Path").unwrap_or_else(|| "$default".to_owned());
    let method = literal("Method").unwrap_or_else(|| "*".to_owned());
    let method = match method.to_ascii_lowercase().as_str() {
        "any" | "*" | "x-amazon-apigateway-any-method" => "*".to_owned(),
        _ => method.to_ascii_uppercase(),
    };
    let route = match path.as_str() {
        "$default" => "*/$default".to_owned(),
        _ => format!("*/{method}{}", with_wildcards(&path)),
    };
    let arn = format!(
        "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{__ApiId__}}/{route}"
    );
    sub(place, &arn, vec![("__ApiId__", api)])
}

/// The path with `*` for its parameters.
fn with_wildcards(path: &str) -> String {
    let piece = |piece: &str| match piece.starts_with('{') && piece.ends_with('}') {
        true => "*".to_owned(),
        false => piece.to_owned(),
    };
    path.split('/').map(piece).collect::<Vec<_>>().join("/")
}

/// What an event of a state machine makes.
pub(super) fn of_state_machine(made: &mut Made<'_>, own: &Resource<'_>, key: &Key, event: &Node) {
    let place = &key.place;
    let id = format!("{}{}", own.name.name, key.name);
    let empty = map(place, Vec::new());
    let properties = event.get("Properties").unwrap_or(&empty);
    let (service, rule_type) = match event.get("Type").and_then(Node::as_text) {
        Some("Schedule" | "EventBridgeRule" | "CloudWatchEvent") => {
            ("events.amazonaws.com", Some("AWS::Events::Rule"))
        }
        Some("ScheduleV2") => ("scheduler.amazonaws.com", None),
        Some("Api") => ("apigateway.amazonaws.com", None),
        _ => return,
    };
    let machine = reference(place, &own.name.name);
    let name = format!("{id}RoleStartExecutionPolicy");
    let policy = inline_policy(place, &name, "states:StartExecution", machine);
    match rule_type {
        Some(rule_type) => {
            made.add_at(place, own, &id, rule_type, rule(place, properties));
            let arn = attribute(place, &id, "Arn");
            destinations::dead_letter_queue(made, own, &id, properties, Some(arn));
        }
        None if service == "scheduler.amazonaws.com" => {
            return scheduled(made, own, &id, properties, policy);
        }
        None => {}
    }
    if properties.get("RoleArn").is_some() {
        return;
    }
    role(made, own, place, &format!("{id}Role"), service, vec![policy], properties);
}

fn role(
    made: &mut Made<'_>,
    own: &Resource<'_>,
    place: &Place,
    name: &str,
    service: &str,
    policies: Vec<Node>,
    properties: &Node,
) {
    let mut members = vec![
        ("AssumeRolePolicyDocument", trust(place, service)),
        ("Policies", list(place, policies)),
    ];
    let boundary = properties.get("PermissionsBoundary");
    members.extend(boundary.map(|own| ("PermissionsBoundary", own.clone())));
    made.add_at(place, own, name, "AWS::IAM::Role", map(place, members));
}
