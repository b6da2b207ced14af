//! Where a function's results and an event's failures go: the queues and topics that are made for them, and what roles
//! need to send there.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventinvokeconfiguration.html>

use super::build::{
    Made, Resource, attribute, boolean, document, inline_policy, list, map, named_policy,
    reference, statement, text,
};
use crate::error::SourceError;
use crate::node::{Node, NodeKind, Place};

/// Kinds of destinations of asynchronous calls.
const OF_INVOCATIONS: &[&str] = &["SQS", "SNS", "EventBridge", "Lambda", "S3Bucket"];

/// Kinds of destinations of events that a function polls. SAM makes no policy for topics of Kafka.
const OF_POLLED: &[&str] = &["SQS", "SNS", "S3", "Kafka"];

/// What the function's role needs for the destinations of asynchronous calls. Queues and topics that nobody names are
/// made.
pub(super) fn of_invocations(
    made: &mut Made<'_>,
    own: &Resource<'_>,
) -> Result<Vec<Node>, SourceError> {
    let config = own.properties.get("EventInvokeConfig");
    let all = config.and_then(|config| config.get("DestinationConfig"));
    let mut policies = Vec::new();
    for outcome in ["OnSuccess", "OnFailure"] {
        let Some(destination) = all.and_then(|all| all.get(outcome)) else { continue };
        let kind = kind(made, destination, OF_INVOCATIONS)?;
        let Some(kind) = kind else {
            return Err(destination.place.problem(one_of(OF_INVOCATIONS)));
        };
        let id = format!("{}EventInvokeConfig{outcome}", own.name.name);
        let target = target(made, own, &id, &kind, destination)?;
        policies.extend(sending(&destination.place, &id, &kind, &target));
    }
    Ok(policies)
}

/// What the function's role needs for records of a polled event that could not be handled.
pub(super) fn of_polled(
    made: &Made<'_>,
    id: &str,
    properties: &Node,
) -> Result<Option<Node>, SourceError> {
    let config = properties.get("DestinationConfig").and_then(|config| config.get("OnFailure"));
    let Some(destination) = config else { return Ok(None) };
    let target = destination.get("Destination");
    let (Some(kind), Some(target)) = (kind(made, destination, OF_POLLED)?, target) else {
        return Ok(None);
    };
    Ok(sending(&destination.place, id, &kind, target))
}

/// The kind of a destination, which has to be one of those.
fn kind(
    made: &Made<'_>,
    destination: &Node,
    known: &[&str],
) -> Result<Option<String>, SourceError> {
    let Some(kind) = destination.get("Type") else { return Ok(None) };
    match made.literal(kind).filter(|kind| known.contains(&kind.as_str())) {
        Some(kind) => Ok(Some(kind)),
        None => Err(kind.place.problem(one_of(known))),
    }
}

fn one_of(known: &[&str]) -> String {
    format!("the `Type` of a destination is one of `{}`", known.join("`, `"))
}

/// The ARN of a destination. One that is nobody's, or nobody's under a condition, is made.
fn target(
    made: &mut Made<'_>,
    own: &Resource<'_>,
    id: &str,
    kind: &str,
    destination: &Node,
) -> Result<Node, SourceError> {
    let place = &destination.place;
    let written = destination.get("Destination");
    let (missing, otherwise) = match written {
        None => (Missing::Always, None),
        Some(written) => missing(made, id, written),
    };
    let made_of = match (&missing, kind) {
        (Missing::Never, _) => return Ok(written.unwrap_or(destination).clone()),
        (_, "SQS") => (format!("{id}Queue"), "AWS::SQS::Queue", "Arn"),
        (_, "SNS") => (format!("{id}Topic"), "AWS::SNS::Topic", "TopicArn"),
        _ => {
            let message = format!("a destination of the type `{kind}` needs a `Destination`");
            return Err(place.problem(message));
        }
    };
    let (name, resource_type, arn) = made_of;
    let arn = attribute(place, &name, arn);
    let (condition, target) = match (missing, otherwise) {
        (Missing::If(condition), Some(otherwise)) => {
            let choice = vec![text(place, &condition), arn, otherwise];
            let both = made.both(own.condition.as_ref(), condition, place);
            (Some(text(place, &both)), map(place, vec![("Fn::If", list(place, choice))]))
        }
        _ => (own.condition.clone(), arn),
    };
    let holder = Resource { name: own.name, condition, properties: own.properties };
    made.add_at(place, &holder, &name, resource_type, map(place, Vec::new()));
    Ok(target)
}

/// When nobody names a destination.
enum Missing {
    Always,
    Never,
    /// Under the condition of this name.
    If(String),
}

fn missing(made: &mut Made<'_>, id: &str, written: &Node) -> (Missing, Option<Node>) {
    let Some(choice) = written.get("Fn::If") else { return (Missing::Never, None) };
    let [condition, then, otherwise] = choice.elements() else { return (Missing::Never, None) };
    let Some(condition) = condition.as_text() else { return (Missing::Never, None) };
    let is_none = |node: &Node| node.get("Ref").and_then(Node::as_text) == Some("AWS::NoValue");
    match (is_none(then), is_none(otherwise)) {
        (true, true) => (Missing::Always, None),
        (true, false) => (Missing::If(condition.to_owned()), Some(otherwise.clone())),
        (false, true) => {
            let negated = made.negated(condition, id, &choice.place);
            (Missing::If(negated), Some(then.clone()))
        }
        (false, false) => (Missing::Never, None),
    }
}

/// The policy that lets a role send to a destination.
fn sending(place: &Place, id: &str, kind: &str, target: &Node) -> Option<Node> {
    let one = |suffix: &str, action: &str| {
        Some(inline_policy(place, &format!("{id}{suffix}"), action, target.clone()))
    };
    match kind {
        "SQS" => one("SQSPolicy", "sqs:SendMessage"),
        "SNS" => one("SNSPolicy", "sns:publish"),
        "EventBridge" => one("EventBridgePolicy", "events:PutEvents"),
        "Lambda" => one("LambdaPolicy", "lambda:InvokeFunction"),
        "S3" | "S3Bucket" => {
            let parts = list(place, vec![target.clone(), text(place, "*")]);
            let objects = list(place, vec![text(place, "/"), parts]);
            let objects = map(place, vec![("Fn::Join", objects)]);
            let statements = vec![
                statement(place, &["s3:PutObject"], objects),
                statement(place, &["s3:ListBucket"], target.clone()),
            ];
            Some(named_policy(place, &format!("{id}S3Policy"), statements))
        }
        _ => None,
    }
}

/// The queue for what an event of EventBridge could not deliver: its ARN, where the event has one. One that is nobody's
/// is made; a `rule` may send to it.
pub(super) fn dead_letter_queue(
    made: &mut Made<'_>,
    own: &Resource<'_>,
    id: &str,
    properties: &Node,
    rule: Option<Node>,
) -> Option<Node> {
    let config = properties.get("DeadLetterConfig")?;
    if let Some(arn) = config.get("Arn") {
        return Some(arn.clone());
    }
    let place = &config.place;
    let name = config.get("QueueLogicalId").and_then(Node::as_text);
    let name = name.map_or_else(|| format!("{id}Queue"), str::to_owned);
    made.add_at(place, own, &name, "AWS::SQS::Queue", map(place, Vec::new()));
    let arn = attribute(place, &name, "Arn");
    if let Some(rule) = rule {
        let service = map(place, vec![("Service", text(place, "events.amazonaws.com"))]);
        let policy = queue_policy(place, service, &arn, rule, reference(place, &name));
        made.add_at(place, own, &format!("{id}QueuePolicy"), "AWS::SQS::QueuePolicy", policy);
    }
    Some(arn)
}

/// What lets a role send to a dead-letter queue.
pub(super) fn sending_to_queue(place: &Place, id: &str, queue: &Node) -> Option<Node> {
    sending(place, id, "SQS", queue)
}

/// The queue between a topic and a function: its policy, by which the topic sends.
///
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-sqssubscriptionobject.html>
pub(super) fn subscribed_queue(
    made: &mut Made<'_>,
    own: &Resource<'_>,
    id: &str,
    topic: Option<&Node>,
    subscription: &Node,
) -> Result<(), SourceError> {
    let place = &subscription.place;
    let (url, arn, policy) = if let NodeKind::Boolean(_) = subscription.kind {
        let name = format!("{id}Queue");
        made.add_at(place, own, &name, "AWS::SQS::Queue", map(place, Vec::new()));
        (reference(place, &name), attribute(place, &name, "Arn"), None)
    } else {
        let found = (subscription.get("QueueUrl"), subscription.get("QueueArn"));
        let (Some(url), Some(arn)) = found else {
            return Err(place.problem("a subscription by a queue needs `QueueArn` and `QueueUrl`"));
        };
        let policy = subscription.get("QueuePolicyLogicalId").and_then(Node::as_text);
        (url.clone(), arn.clone(), policy.map(str::to_owned))
    };
    let policy = policy.unwrap_or_else(|| format!("{id}QueuePolicy"));
    let topic = topic.cloned().unwrap_or_else(|| text(place, "*"));
    let properties = queue_policy(place, text(place, "*"), &arn, topic, url);
    made.add_at(place, own, &policy, "AWS::SQS::QueuePolicy", properties);
    Ok(())
}

/// Whether an event of a topic comes by a queue.
pub(super) fn comes_by_queue(properties: &Node) -> Option<&Node> {
    properties.get("SqsSubscription").filter(|own| boolean(own) != Some(false))
}

fn queue_policy(place: &Place, principal: Node, arn: &Node, source: Node, url: Node) -> Node {
    let statement = map(
        place,
        vec![
            ("Action", text(place, "sqs:SendMessage")),
            ("Effect", text(place, "Allow")),
            ("Principal", principal),
            ("Resource", arn.clone()),
            (
                "Condition",
                map(place, vec![("ArnEquals", map(place, vec![("aws:SourceArn", source)]))]),
            ),
        ],
    );
    let document = document(place, vec![statement]);
    map(place, vec![("PolicyDocument", document), ("Queues", list(place, vec![url]))])
}
